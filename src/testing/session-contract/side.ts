/**
 * One side on which the contract of a session is tested: the model or a real server, with the same faults and
 * interface.
 */
import type { Session } from "../../zookeeper/session.ts";

export interface Side extends AsyncDisposable {
  /** The clock of its sessions' contacts. */
  now(): number;
  open(timeoutMs?: number): Promise<Peer>;
  /** Opens without a relay: for a session that is to be closed while it is connected. */
  openDirectly(timeoutMs?: number): Promise<Session>;
  /** Lets time pass, with everything that happens in it. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until the condition holds. */
  until(reached: () => boolean): Promise<void>;
}

/** A packet that can be lost or held with the connection: a request, or its answer. */
export type Packet = "create" | "remove" | "get" | "children" | "notification";

/** A session, and what stands between it and its server. */
export interface Peer {
  readonly session: Session;
  /** Resets its connection. */
  drop(): void;
  /**
   * Resets its connection instead of passing on the next such request or answer; settles when that has
   * happened.
   */
  loseNext(what: "request" | "answer", packet: Packet): Promise<void>;
  /** Holds the current connection's messages until they are released; the next connection is free. */
  stick(): { release(): void };
  /** Nothing flows, and nobody is told. */
  cut(): void;
  heal(): void;
  /** Somebody else ends the session, and its connection with it. */
  endFromOutside(): Promise<void>;
}

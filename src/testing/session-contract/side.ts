/**
 * Where the contract of a session is tried: on the model and on a real server, with the same faults and in the
 * same words.
 */
import type { Session } from "../../zookeeper/session.ts";

export interface Side extends AsyncDisposable {
  /** Of the clock by which its sessions tell when they were answered. */
  now(): number;
  open(timeoutMs?: number): Promise<Peer>;
  /** With nothing in between: for one that is to be closed while it is connected. */
  openDirectly(timeoutMs?: number): Promise<Session>;
  /** Lets time pass, and what happens in it. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until something has come about. */
  until(reached: () => boolean): Promise<void>;
}

/** What can be lost or held with the connection: a request, or its answer. */
export type Packet = "create" | "remove" | "get" | "children" | "notification";

/** A session, and what stands between it and its server. */
export interface Peer {
  readonly session: Session;
  /** Resets its connection. */
  drop(): void;
  /** Resets its connection in place of the next such request or answer; settles when that has happened. */
  loseNext(what: "request" | "answer", packet: Packet): Promise<void>;
  /** What its present connection says stays on the way, until it is released; the next connection is free. */
  stick(): { release(): void };
  /** Nothing flows, nobody is told. */
  cut(): void;
  heal(): void;
  /** Somebody else ends the session, and its connection with it. */
  endFromOutside(): Promise<void>;
}

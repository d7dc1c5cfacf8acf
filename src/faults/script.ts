/** Faults that users write in files of their own, and what they can do; see docs/write-a-fault.md. */

export interface FaultScript {
  /** A word for tables and reports. */
  readonly name: string;
  /** Who has to lead afterwards: the next one, when the leader's session has expired, or the same one. */
  readonly leader: "next" | "same";
  /**
   * The fewest servers. Acts that name servers, or ask for them, need it.
   * @default 0 for a fault that leaves servers alone
   */
  readonly servers?: number;
  /** Where it needs relays: between candidates and servers, or between the servers. */
  readonly relays?: readonly ("candidates" | "servers")[];
  /**
   * The longest time that `strike` may take, in milliseconds.
   * @default 30000
   */
  readonly withinMs?: number;
  /** Whatever it has held, cut, paused or killed is made whole when it returns. */
  strike(scene: StrikeScene): Promise<void>;
}

/** Candidates are numbers from 0, servers numbers from 1. The first act on any of them begins the strike. */
export interface StrikeScene extends StrikeFacts, StrikeActs {}

export interface StrikeFacts {
  /** The number of the failover, from 1; 0 is a warm-up. */
  readonly failover: number;
  /** The candidate that leads. */
  readonly leader: number;
  /** The number of candidates. */
  readonly candidates: number;
  /** All servers; none if the fault leaves them alone. */
  readonly servers: readonly number[];
  readonly sessionTimeoutMs: number;
  /** `null` if the ensemble does not report it. */
  readonly tickTimeMs: number | null;
}

export const heldPackets = ["sync", "ping", "children", "get", "create", "remove"] as const;

/** A packet of ZooKeeper; candidates send a `sync` as their heartbeat. */
export type HeldPacket = (typeof heldPackets)[number];

export interface StrikeActs {
  /** Lets time pass. */
  pass(ms: number): Promise<void>;

  /** The server that leads the ensemble. */
  leadingServer(): Promise<number>;
  /** The server of a candidate's session. */
  serverOf(candidate: number): Promise<number>;
  /** Moves a candidate's session to a server, and waits until all have settled; before the strike begins. */
  move(candidate: number, server: number): Promise<void>;

  /** A server stands still. */
  pause(server: number): Promise<void>;
  resume(server: number): Promise<void>;
  /** A server dies at once. */
  kill(server: number): Promise<void>;
  /** Starts servers that were killed and joins those that were cut off; returns when all serve. */
  mend(): Promise<void>;
  /** Cuts a server off from all others; clients still reach it. */
  isolate(server: number): Promise<void>;
  /** Cuts the way between two servers. */
  separate(server: number, other: number): Promise<void>;

  /** A candidate's thread stands still for a while; nobody waits for it. */
  freeze(candidate: number, ms: number): Promise<void>;
  /** Ends a candidate's session from outside. */
  expire(candidate: number): Promise<void>;
  /** Cuts a candidate off from all servers, for a while, or until the end. */
  cut(candidate: number, ms?: number): Promise<void>;
  /** Holds packets of a kind that a candidate sends, and what follows them on its connection, likewise. */
  hold(candidate: number, packet: HeldPacket, ms?: number): Promise<void>;
}

/** A user's own fault could not strike. */
export class ScriptFailed extends Error {
  override readonly name = "ScriptFailed";
}

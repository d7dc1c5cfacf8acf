/**
 * Everything that can happen in a trial. A candidate records an event as it happens: its kind, the time and up
 * to three values. Nothing is computed from events while a trial runs; checkers and metrics read them
 * afterwards.
 */

/** Why a candidate requested the list of contenders; `lapsed`: the lease of its term had run out. */
export const readCauses = ["joined", "notified", "vanished", "reconnected", "lapsed"] as const;
export type ReadCause = (typeof readCauses)[number];

/**
 * What a watch was armed on: one contender's znode, or the election's child list. `announcement`: the watched
 * znode still exists, and its owner has written into it that it leads.
 */
export const watchKinds = ["contender", "children", "announcement"] as const;

/**
 * Why a term ended: the candidate resigned, or the session was lost or ended, or the znode or the lease was
 * gone, or the candidate's process has died.
 */
export const endReasons = [
  "resigned",
  "suspended",
  "expired",
  "closed",
  "deleted",
  "lapsed",
  "died",
] as const;

/** The state of a term's lease; `none` if there was no term, or no lease. */
export const leases = ["none", "valid", "lapsed"] as const;
export type LeaseState = (typeof leases)[number];

/**
 * Why a failover says nothing about the election. `not-struck`: the victim's contender still stood, so its
 * session had not ended. `no-answer`: the servers no longer answered.
 */
export const voidReasons = ["not-struck", "no-answer"] as const;
export type VoidReason = (typeof voidReasons)[number];

/** The server that serves a session, by its place in the ensemble's list; `unknown` if nobody can be sure. */
export const servingServers = ["unknown", "1", "2", "3", "4", "5"] as const;
export type ServingServer = (typeof servingServers)[number];

/** What a fault did to a server; `back`: it serves again, goes on, or reaches the others again. */
export const serverStates = ["killed", "paused", "back", "cut-off", "disk-full", "disk-slow"] as const;
export type ServerState = (typeof serverStates)[number];

/**
 * The kinds and their values, in the order of their codes in shared memory. `sequence` is the signed 32-bit
 * suffix of a contender's name, `czxid` the zxid that created it, which is the fencing token of its terms;
 * `failover` counts from 1.
 */
export const eventKinds = {
  /** A session is established, or connected again: its id, as two unsigned 32-bit halves, and its server. */
  connected: { sessionHigh: "number", sessionLow: "number", server: servingServers },
  /** The connection is lost; the session may live on. */
  suspended: {},
  /** The ensemble reported that the session has ended. */
  expired: {},
  /** The candidate is about to close its session itself. */
  closing: {},
  closed: {},
  /** A create was sent. */
  creating: {},
  /** The contender's znode exists. */
  created: { sequence: "number", czxid: "number" },
  /** A delete of its own znode was sent. */
  removing: { sequence: "number" },
  removed: { sequence: "number" },
  /** A watch fired; `sequence` is the watched contender's, or the candidate's own for the child list. */
  notified: { watch: watchKinds, sequence: "number" },
  /** The list of contenders was requested. */
  reading: { cause: readCauses },
  read: { contenders: "number" },
  /** The watch is set, the candidate waits: it is settled. */
  armed: { watch: watchKinds, sequence: "number" },
  /** A term begins. */
  claimed: { sequence: "number", czxid: "number" },
  /** The leader has written into its own znode that it leads. */
  announced: {},
  /** A heartbeat of the leader, or of an heir, has been answered. */
  beat: {},
  /**
   * The time until which the lease of the current term holds, in nanoseconds since the run's origin: computed
   * just before the term ends, or just before `thawed`. The latest of a term counts (term.ts).
   */
  leased: { until: "number" },
  /** A term ends: from here on the candidate no longer believes that it leads. */
  ended: { sequence: "number", reason: endReasons },
  /**
   * The candidate has seen everything that the ensemble had decided; the event loop was busy for this long
   * since the last time.
   */
  caughtUp: { busyMicros: "number" },
  /**
   * A fault strikes the victim (an index of a candidate); recorded immediately before the act. The failover 0
   * is a warm-up: it is judged like any other, and not measured.
   */
  fault: { failover: "number", victim: "number" },
  /** The thread goes on after a freeze; it first checked its lease. */
  thawed: { lease: leases },
  /** A write to the trial's counter was accepted; the version of the counter's znode after it. */
  wrote: { czxid: "number", version: "number" },
  /** The fence refused a write to the counter. */
  refused: { czxid: "number" },
  /** Coordinator: every candidate has settled for the first time. */
  enrolled: { candidates: "number" },
  /** Coordinator: every candidate that is alive has settled again; the failover's window ends. */
  settled: { failover: "number" },
  /** Coordinator: the failover did not end within the bound. */
  aborted: { failover: "number" },
  /** Coordinator: the fault of the failover is over. Recorded by faults that last and end in its window. */
  healed: { failover: "number" },
  /**
   * Coordinator: a server is struck, recorded immediately before the act; or it is back. `server` is its place
   * in the ensemble's list, from 1. Histories of 0.7.0 and before have none.
   */
  server: { server: "number", state: serverStates },
  /** Coordinator: the failover says nothing about the election; recorded before its end, or after it. */
  voided: { failover: "number", reason: voidReasons },
} as const satisfies Record<string, Record<string, "number" | readonly string[]>>;

export type EventKind = keyof typeof eventKinds;

type Value<T> = T extends readonly (infer Name)[] ? Name : number;
type Values<K extends EventKind> = {
  -readonly [F in keyof (typeof eventKinds)[K]]: Value<(typeof eventKinds)[K][F]>;
};

/** The candidate number under which the coordinator records. */
export const COORDINATOR = -1;

/** One event: `at` is in nanoseconds since the run's origin, on the one clock that all threads share. */
export type Event = {
  [K in EventKind]: { at: number; candidate: number; type: K } & Values<K>;
}[EventKind];

export type EventOf<K extends EventKind> = Extract<Event, { type: K }>;

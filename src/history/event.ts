/**
 * What can happen in a trial. A candidate records an event as it happens: its kind, the time and up to
 * three values. Nothing is computed from events while a trial runs; checkers and metrics read them afterwards.
 */

/** Why a candidate asked for the list of contenders; `lapsed`: the lease of its term had run out. */
export const readCauses = ["joined", "notified", "vanished", "reconnected", "lapsed"] as const;
export type ReadCause = (typeof readCauses)[number];

/**
 * What a watch was armed on: one contender's znode, or the child list of the election. `announcement`: the
 * watched znode has not gone, its owner has written into it that it leads.
 */
export const watchKinds = ["contender", "children", "announcement"] as const;

/**
 * Why a term ended: by its own will, or because the session was lost, ended,
 * or the znode or the lease was gone.
 */
export const endReasons = ["resigned", "suspended", "expired", "closed", "deleted", "lapsed"] as const;

/** What the lease of a term said; `none` where there was no term, or no lease. */
export const leases = ["none", "valid", "lapsed"] as const;
export type LeaseState = (typeof leases)[number];

/**
 * Why a failover says nothing of the election. `not-struck`: the victim's contender still stood, so that its
 * session had not ended. `no-answer`: the servers did not answer any more.
 */
export const voidReasons = ["not-struck", "no-answer"] as const;
export type VoidReason = (typeof voidReasons)[number];

/**
 * Which server serves a session, by its place in the ensemble's list; `unknown` where nobody can tell for sure.
 */
export const servingServers = ["unknown", "1", "2", "3", "4", "5"] as const;
export type ServingServer = (typeof servingServers)[number];

/**
 * The kinds and their values, in the order of their codes in shared memory. `sequence` is the signed 32-bit
 * suffix of a contender's name, `czxid` the zxid that created it, which is the fencing token of its terms;
 * `failover` counts from 1.
 */
export const eventKinds = {
  /** A session is established, or connected again: its id, as two unsigned 32-bit halves, and who serves it. */
  connected: { sessionHigh: "number", sessionLow: "number", server: servingServers },
  /** The connection is lost; the session may live on. */
  suspended: {},
  /** The ensemble told that the session has ended. */
  expired: {},
  /** The candidate is about to close its session itself. */
  closing: {},
  closed: {},
  /** A create was sent. */
  creating: {},
  /** The contender's znode exists. */
  created: { sequence: "number", czxid: "number" },
  /** A delete of the own znode was sent. */
  removing: { sequence: "number" },
  removed: { sequence: "number" },
  /** A watch fired; `sequence` is the watched contender's, or the own one for the child list. */
  notified: { watch: watchKinds, sequence: "number" },
  /** The list of contenders was asked for. */
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
   * Until when the lease of the present term holds, in nanoseconds since the run's origin: as it is reckoned
   * just before the term ends, or just before `thawed`. The latest of a term counts (term.ts).
   */
  leased: { until: "number" },
  /** A term ends: from here on the candidate no longer believes that it leads. */
  ended: { sequence: "number", reason: endReasons },
  /**
   * All that the ensemble had decided has been seen; the event loop was busy for so long since the last time.
   */
  caughtUp: { busyMicros: "number" },
  /**
   * A fault strikes the victim (an index of a candidate); recorded immediately before the act. The failover 0
   * is a warm-up: it is judged like any other, and not measured.
   */
  fault: { failover: "number", victim: "number" },
  /** The thread goes on after a freeze; the first thing that it asked is what its lease says. */
  thawed: { lease: leases },
  /** A write to the trial's counter was accepted; the version of the counter's znode after it. */
  wrote: { czxid: "number", version: "number" },
  /** The fence refused a write to the counter. */
  refused: { czxid: "number" },
  /** Coordinator: every candidate has settled for the first time. */
  enrolled: { candidates: "number" },
  /** Coordinator: every candidate that is alive has settled again; the failover's window ends. */
  settled: { failover: "number" },
  /** Coordinator: the failover did not come to its end within the bound. */
  aborted: { failover: "number" },
  /** Coordinator: the failover says nothing of the election; recorded before its end, or after it. */
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

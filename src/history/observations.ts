/**
 * What the coordinator saw of a trial besides its events: how it ended, how it began, what the servers counted.
 * All read between the failovers, never during one.
 */

export type TrialEnd =
  | { readonly state: "completed" }
  | { readonly state: "aborted"; readonly reason: string }
  | {
      readonly state: "errored";
      readonly reason: string;
      /** Who failed. Absent in histories of 0.4.0 and before. */
      readonly blame?: Blame;
    };

/** The servers, or the way to them; a limit of this machine; a scheme of the user's own; or the lab itself. */
export type Blame = "ensemble" | "machine" | "scheme" | "lab";

export interface Enrolment {
  /** From the first thread's start until all had settled. */
  readonly readyMs: number;
  /** Growth of the process's resident set over that time, by the number of candidates. */
  readonly rssBytesPerCandidate: number;
}

/**
 * What one failover made the servers do, without what the lab itself asked; `null` for what they do not tell.
 */
export interface ServerDifference {
  readonly packetsSent: number | null;
  readonly packetsReceived: number | null;
  readonly responseBytes: number | null;
  readonly watchBytes: number | null;
  /** Notifications of a znode's deletion, and of a change of a child list. */
  readonly deletedWatches: number | null;
  readonly childrenWatches: number | null;
  /** getData calls. */
  readonly dataReads: number | null;
  /** All requests that change nothing: lists and getData calls. */
  readonly readRequests: number | null;
  /** getChildren calls. */
  readonly lists: number | null;
  /** Pings of the sessions; they are in no other count. `null`: the counts may contain some. */
  readonly pings: number | null;
  /** Means over all requests of the kind, in milliseconds: the server counts whole ones. */
  readonly readLatencyMs: number | null;
  readonly updateLatencyMs: number | null;
  /** For how long the servers waited for their disks, in milliseconds. */
  readonly fsyncMs: number | null;
  /** Requests that were waiting in the servers when they were asked, after the failover. */
  readonly outstandingRequests: number | null;
  /**
   * Processor time of the servers that this run started, in milliseconds; the lab's own questions are in it.
   */
  readonly cpuMs: number | null;
  /** Time for which their garbage collectors stopped them, in milliseconds. */
  readonly gcPauseMs: number | null;
}

/**
 * Why a server's counts are not known. `silent`: it does not answer. `changed`: another
 * server answers than before, or the same one after a restart. `several`: that has happened
 * again, so several stand behind its address.
 */
export type ServerTrouble =
  /** With the system's name of the reason, such as `ECONNREFUSED`. */
  | (ServerOfRun & { readonly type: "silent"; readonly reason: string })
  | (ServerOfRun & { readonly type: "changed" | "several" });

interface ServerOfRun {
  /** Its place among those of the run, from 1. */
  readonly server: number;
  /** `host:port` */
  readonly address: string;
}

/** A trouble, and the measured failovers in which it was met. */
export type MetTrouble = ServerTrouble & { readonly failovers: readonly number[] };

export interface Observations {
  readonly end: TrialEnd;
  /** `null` where it never came to it, or where an earlier trial had started the candidates. */
  readonly enrolment: Enrolment | null;
  /** One for each measured failover, in order; `null` where the servers do not tell. */
  readonly servers: readonly (ServerDifference | null)[];
  /** One for each server and type. */
  readonly serverTroubles: readonly MetTrouble[];
  /**
   * One for each measured failover: what a write and a list took one bare session, from rest, shortly before.
   * It tells a slow minute of the machine from a slow election. Milliseconds.
   */
  readonly pulsesMs: readonly number[];
  /** The session timeouts that the ensemble granted. */
  readonly grantedTimeoutsMs: readonly number[];
  /** How much of the processors others used meanwhile, from 0 to 1; `null` where the system does not tell. */
  readonly foreignCpuShare: number | null;
}

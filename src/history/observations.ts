/**
 * What the coordinator saw of a trial besides its events: how it ended, how it began, what the servers counted.
 * All of it is read between the failovers, never during one.
 */
import { list, number, type Of, object, oneOf, optional } from "../shape.ts";
import type { CrowdCosts } from "./crowd-costs.ts";
import type { RolesSeen } from "./own-servers.ts";
import type { ServerDifference } from "./server-difference.ts";

export type TrialEnd =
  | { readonly state: "completed" }
  | { readonly state: "aborted"; readonly reason: string }
  | {
      readonly state: "errored";
      readonly reason: string;
      /** The culprit. Absent in histories of 0.4.0 and before. */
      readonly blame?: Blame;
    };

export const blames = ["ensemble", "machine", "scheme", "program", "fault", "lab"] as const;

export const trialNetwork = object({
  between: list(
    oneOf(["candidates-and-servers", "servers"]),
    "Where the relays were. Those between servers serve a whole run.",
  ),
  relayMs: number(
    "The time that a relay itself adds to a round trip, in milliseconds: the median, measured before the " +
      "trials, on this machine. It is not part of the delay.",
  ),
  pipeMs: optional(
    number(
      "If candidates are processes: the time that a line takes from a process to the lab, in milliseconds, " +
        "half of a median round trip. What a program says without a time of its own is told so much later.",
    ),
  ),
});

export type TrialNetwork = Of<typeof trialNetwork>;

/**
 * The servers, or the network to them; a limit of this machine; a user's own scheme, program or fault; or the
 * lab itself.
 */
export type Blame = (typeof blames)[number];

export const enrolment = object({
  readyMs: number(
    "From the first thread's or process's start until all candidates had settled for the first time. This " +
      "is the cost of starting; no other figure includes it.",
  ),
  rssBytesPerCandidate: number(
    "The growth of resident memory meanwhile, of the lab and of candidates that are processes, divided by " +
      "N. Multiply it to see how many candidates a machine can hold.",
  ),
});

export type Enrolment = Of<typeof enrolment>;

/**
 * Why a server's counts are not known. `silent`: it does not answer. `forbids`: it does not permit the
 * question. `changed`: a different server answers, or the same one after a restart. `several`: that has
 * happened again, so several servers stand behind its address.
 */
export type ServerTrouble =
  /** Has the system's name for the reason, such as `ECONNREFUSED`. */
  | (ServerOfRun & { readonly type: "silent"; readonly reason: string })
  | (ServerOfRun & { readonly type: "forbids" | "changed" | "several" });

interface ServerOfRun {
  /** Its place among the run's servers, from 1. */
  readonly server: number;
  /** `host:port` */
  readonly address: string;
}

/** A trouble, and the measured failovers in which it occurred. */
export type MetTrouble = ServerTrouble & { readonly failovers: readonly number[] };

export interface Observations {
  readonly end: TrialEnd;
  /** `null` if the trial never got that far, or if an earlier trial had started the candidates. */
  readonly enrolment: Enrolment | null;
  /** One for each measured failover, in order; `null` if the servers do not report. */
  readonly servers: readonly (ServerDifference | null)[];
  /** One for each server and type. */
  readonly serverTroubles: readonly MetTrouble[];
  /** Noted of several servers of the run's own: at the beginning, and whenever one had changed. */
  readonly roles: readonly RolesSeen[];
  /**
   * The calibrations (ensemble/calibration.ts), in milliseconds, one for each measured failover. Saved files
   * call them `pulse`: here, and in `pulseMs` of a failover.
   */
  readonly pulsesMs: readonly number[];
  /** The session timeouts that the ensemble granted. */
  readonly grantedTimeoutsMs: readonly number[];
  /**
   * The share of the processors that others used meanwhile, from 0 to 1; `null` if the system does not report
   * it.
   */
  readonly foreignCpuShare: number | null;
  /** Absent in histories of 0.6.0 and before, which knew none. */
  readonly network?: TrialNetwork | null;
  /** Absent if nobody asked for it, and in histories of 0.11.0 and before. */
  readonly crowd?: CrowdCosts | null;
}

/** What is known, besides its end, of a trial in which nothing was looked at. */
export const nothingSeen = {
  enrolment: null,
  servers: [],
  serverTroubles: [],
  roles: [],
  pulsesMs: [],
  grantedTimeoutsMs: [],
  foreignCpuShare: null,
  network: null,
} as const satisfies Omit<Observations, "end">;

/** Progress events of a run, never emitted inside a measured window. */
import type { TrialResult } from "../export/result.ts";
import type { RolesSeen } from "../history/own-servers.ts";
import type { Told } from "../history/told.ts";
import type { LabError } from "../lab-error.ts";
import type { Group, TrialPlan } from "./trial-plan.ts";

/** A failover of a trial, warm-ups included, from the same events as its figures. */
export interface LastFailover {
  /** The number of notifications of the end that candidates received. */
  readonly woken: number;
  /** The time until the new leader's claim, in milliseconds; `null` if there is none. */
  readonly ms: number | null;
}

export type TrialProgress =
  | { readonly type: "starting"; readonly started: number; readonly candidates: number }
  | {
      readonly type: "failover";
      /** 0 for a warm-up. */
      readonly failover: number;
      readonly failovers: number;
      /** The candidates in the election, the leader first. */
      readonly line: readonly number[];
      /** What the one before it has led to. */
      readonly last: LastFailover | undefined;
    }
  /** Each server's role after a failover; empty for a single one, and for those of a user. */
  | { readonly type: "servers"; readonly roles: RolesSeen["roles"] }
  /** The trial will have another turn. */
  | { readonly type: "turn-ended" }
  /** The trial's threads end. */
  | { readonly type: "leaving" };

export type RunProgress =
  | { readonly type: "opening"; readonly groups: readonly Group[] }
  /** A warning that a person may want to act on before the trial runs. */
  | { readonly type: "caution"; readonly words: string }
  | ({ readonly plan: TrialPlan } & Exclude<TrialProgress, { readonly type: "turn-ended" }>)
  /** The median of its failovers so far, without the last one, is in milliseconds. */
  | { readonly plan: TrialPlan; readonly type: "turn-ended"; readonly p50: number | undefined }
  | { readonly type: "trial-ended"; readonly plan: TrialPlan; readonly result: TrialResult }
  /** The next trials need another number of servers. */
  | { readonly type: "changing-ensemble"; readonly servers: number }
  /** The next part of a trial, in chronological order. */
  | { readonly type: "told"; readonly plan: TrialPlan; readonly told: readonly Told[] }
  | { readonly type: "closing" }
  /** What would be left on the user's ensemble if the process ended now; at the end, what is. */
  | { readonly type: "left"; readonly left: LabError | undefined };

/** Watches a run. It must be quick, and must not throw. */
export type Observer = (progress: RunProgress) => void;

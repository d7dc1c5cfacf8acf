/** What a run tells while it goes on, never inside a measured window. */
import type { TrialResult } from "../export/result.ts";
import type { LabError } from "../lab-error.ts";
import type { Group, TrialPlan } from "./trial-plan.ts";

export type TrialProgress =
  | { readonly type: "starting"; readonly started: number; readonly candidates: number }
  | {
      readonly type: "failover";
      /** 0 for a warm-up. */
      readonly failover: number;
      readonly failovers: number;
      readonly leader: number;
    }
  /** The trial will have another turn. The median of its failovers so far is in milliseconds. */
  | { readonly type: "turn-ended"; readonly p50: number | undefined }
  /** Its threads end. */
  | { readonly type: "leaving" };

export type RunProgress =
  | { readonly type: "opening"; readonly groups: readonly Group[] }
  /** What a person may want to change before it is tried. */
  | { readonly type: "caution"; readonly words: string }
  | ({ readonly plan: TrialPlan } & TrialProgress)
  | { readonly type: "trial-ended"; readonly plan: TrialPlan; readonly result: TrialResult }
  | { readonly type: "closing" }
  /** What would stay on the user's ensemble if the process ended now; in the end, what does. */
  | { readonly type: "left"; readonly left: LabError | undefined };

/** Watches a run. It must not take long, and must not throw. */
export type Observer = (progress: RunProgress) => void;

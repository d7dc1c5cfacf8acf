/** A run before it begins: all that it needs to know, however a person or a program came to ask for it. */
import type { LocalServers } from "../ensemble/local-members.ts";
import type { Result } from "../export/result.ts";
import type { CounterMode } from "../history/header.ts";
import type { Auth } from "../zookeeper/open-options.ts";
import type { Group, TrialPlan } from "./trial-plan.ts";

export interface RunPlan {
  readonly command: Result["run"]["command"];
  /** What was typed, for the record and for `--resume`. */
  readonly argv: readonly string[];
  /** The intervals around medians are drawn from it. */
  readonly seed: number;
  /** The run's folder; without it, `runs/<UTC time>-<command>`. */
  readonly out: string | undefined;
  readonly ensemble: EnsemblePlan;
  /** The name of the election's znode. */
  readonly election: string;
  /** What leaders write to, under a fault that may leave an old one behind. */
  readonly counter: Exclude<CounterMode, "none">;
  /** For how long a leader stands still; without it, as long as the fault thinks right. */
  readonly freezeForMs: number | undefined;
  /** Comes first, and nobody sees its figures. */
  readonly warmUp: TrialPlan | undefined;
  readonly groups: readonly Group[];
}

export type EnsemblePlan =
  | ({ readonly type: "embedded" } & LocalServers)
  | { readonly type: "external"; readonly connect: string; readonly auth: readonly Auth[] };

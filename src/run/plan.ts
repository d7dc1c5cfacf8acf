/** A run before it begins: everything that it needs to know, whether a person or a program asked for it. */
import type { LocalServers } from "../ensemble/local-members.ts";
import type { Result } from "../export/result.ts";
import type { CounterMode } from "../history/header.ts";
import type { Spread } from "../history/own-servers.ts";
import type { Threshold } from "../metrics/threshold.ts";
import type { Auth } from "../zookeeper/open-options.ts";
import type { Group, TrialPlan } from "./trial-plan.ts";

export interface RunPlan {
  readonly command: Result["run"]["command"];
  /** The typed arguments, for the record and for `--resume`. */
  readonly argv: readonly string[];
  /** The seed of the intervals around medians. */
  readonly seed: number;
  /** The run's folder; by default `runs/<UTC time>-<command>`. */
  readonly out: string | undefined;
  readonly ensemble: EnsemblePlan;
  /** What a person should know before anything runs. */
  readonly cautions: readonly string[];
  /** The name of the election's znode. */
  readonly election: string;
  /** What leaders write to, under a fault that may leave an old one behind. */
  readonly counter: Exclude<CounterMode, "none">;
  /** Runs first; its figures are not shown. */
  readonly warmUp: TrialPlan | undefined;
  readonly groups: readonly Group[];
  /** What the run must keep. */
  readonly thresholds: readonly Threshold[];
}

export type EnsemblePlan =
  /** Each trial says on how many servers. */
  | ({ readonly type: "embedded"; readonly spread?: Spread } & Omit<LocalServers, "servers">)
  | {
      readonly type: "external";
      readonly connect: string;
      readonly auth: readonly Auth[];
      /** The command that strikes its servers; without it they may not be struck. */
      readonly hook?: string | undefined;
    };

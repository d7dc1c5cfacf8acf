/**
 * What a run says in the end, as `result.json` holds it: a contract with other programs. A field may be
 * added, none renamed. Times are milliseconds, sizes bytes.
 */
import type { Verdict } from "../checkers/checker.ts";
import type { CheckerName } from "../checkers/checkers.ts";
import type { CounterMode } from "../history/header.ts";
import type { Blame, Enrolment, ServerDifference, TrialEnd } from "../history/observations.ts";
import type { Outcome } from "../history/strike.ts";
import type { Analysis } from "../metrics/analysis.ts";
import type { Failover } from "../metrics/failover.ts";
import type { TrialSummary } from "../metrics/summary.ts";
import type { Prediction } from "../metrics/theory.ts";
import type { Warning } from "../metrics/warning.ts";

export const RESULT_SCHEMA = "zk-election-lab/result@1";

export interface MeasuredFailover extends Failover {
  /** What a bare write and list took shortly before; `null` where it was not measured. */
  readonly pulseMs: number | null;
  readonly server: ServerDifference | null;
}

export interface TrialResult {
  /** 1 for the first trial of the run's plan; the same in the history. */
  readonly trial: number;
  readonly scheme: string;
  readonly candidates: number;
  readonly fault: string;
  readonly sessionTimeoutMs: number;
  /** What every strike of the trial had to lead to; `null` where nothing struck, or where they differ. */
  readonly expects: Outcome | null;
  /** Whether leaders wrote to a counter all the time, and whether a fence guarded it. */
  readonly counter: CounterMode;
  readonly state: TrialEnd["state"];
  /** Why it did not complete. */
  readonly reason?: string;
  /** Who failed, where it errored: the servers or the way to them, or the lab itself. */
  readonly blame?: Blame;
  /** `null` where an earlier trial had started the candidates, or where it never came to it. */
  readonly enrolment: Enrolment | null;
  readonly failovers: readonly MeasuredFailover[];
  readonly summary: TrialSummary;
  readonly verdicts: Readonly<Record<CheckerName, Verdict>>;
  /** What theory says of the failover time; `null` where it says nothing. */
  readonly prediction: Prediction | null;
  readonly warnings: readonly Warning[];
}

export interface Environment {
  readonly node: string;
  readonly os: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** What one reading of the clock costs, in nanoseconds. */
  readonly clockCostNs: number;
  readonly client: string;
  readonly server: {
    readonly version: string | null;
    readonly servers: number;
    readonly tickTimeMs: number | null;
    readonly embedded: boolean;
    readonly forceSync: boolean | null;
  };
}

export interface Result {
  readonly schema: typeof RESULT_SCHEMA;
  readonly run: {
    readonly command: "lab" | "bench" | "soak";
    readonly argv: readonly string[];
    /** ISO 8601, UTC. */
    readonly startedAt: string;
    /** While a run goes on its file says `interrupted`: that is what it is if nobody comes to say more. */
    readonly state: "completed" | "interrupted" | "failed";
    readonly seed: number;
    /** How many trials the run was to have; `null` where the version that saved it did not tell. */
    readonly plannedTrials: number | null;
    readonly version: string;
    readonly git: string | null;
  };
  readonly environment: Environment;
  readonly trials: readonly TrialResult[];
  /** What follows from several trials together. */
  readonly analysis: Analysis;
}

/**
 * What a run says in the end, as `result.json` holds it: a contract with other programs. A field may be
 * added, none renamed. Times are milliseconds, sizes bytes.
 */
import type { CheckerName, Verdict } from "../checkers/checker.ts";
import type { ServerDifference } from "../ensemble/server-counts.ts";
import type { Failover } from "../metrics/failover.ts";
import type { TrialSummary } from "../metrics/summary.ts";

export const RESULT_SCHEMA = "zk-election-lab/result@1";

export interface TrialResult {
  readonly scheme: string;
  readonly candidates: number;
  readonly fault: string;
  readonly sessionTimeoutMs: number;
  readonly state: "completed" | "aborted" | "errored";
  /** Why it did not complete. */
  readonly reason?: string;
  readonly enrolment: { readonly readyMs: number; readonly rssBytesPerCandidate: number } | null;
  readonly failovers: readonly (Failover & { readonly server: ServerDifference | null })[];
  readonly summary: TrialSummary;
  readonly verdicts: Readonly<Record<CheckerName, Verdict>>;
  readonly warnings: readonly string[];
}

export interface Environment {
  readonly node: string;
  readonly os: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
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
    readonly command: "lab";
    readonly argv: readonly string[];
    /** ISO 8601, UTC. */
    readonly startedAt: string;
    /** While a run goes on its file says `interrupted`: that is what it is if nobody comes to say more. */
    readonly state: "completed" | "interrupted" | "failed";
    readonly seed: number;
    readonly version: string;
    readonly git: string | null;
  };
  readonly environment: Environment;
  readonly trials: readonly TrialResult[];
}

/**
 * A result as an earlier version may have saved it (0.1.0 to 0.4.0), and what it lacks:
 * filled in where the failovers or the history tell it. What they do not tell is `null`,
 * empty or, where a number must stand, `NaN`.
 */

import { type CheckerName, judge, type Verdict } from "../checkers/checker.ts";
import type { History } from "../history/history.ts";
import type { ServerDifference } from "../history/observations.ts";
import { analyse } from "../metrics/analysis.ts";
import { type Statistics, summarise } from "../metrics/statistics.ts";
import type { TrialSummary } from "../metrics/summary.ts";
import type { Environment, MeasuredFailover, Result, TrialResult } from "./result.ts";
import { serverCountNames } from "./server-count-names.ts";

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

type EarlierFailover = Optional<
  Omit<MeasuredFailover, "server">,
  "atMs" | "unsafeMs" | "staleWrites" | "announcements" | "disconnects" | "busyMs" | "pulseMs"
> & {
  readonly server: Partial<ServerDifference> | null;
};

interface EarlierSummary
  extends Optional<
    Omit<TrialSummary, "failoverMs" | "settledMs">,
    "outliers" | "overlapMs" | "unsafeMs" | "staleWrites"
  > {
  readonly failoverMs: Optional<Statistics, "mad"> | null;
  readonly settledMs: (Pick<Statistics, "p50"> & Partial<Statistics>) | null;
}

interface EarlierTrial
  extends Optional<
    Omit<TrialResult, "failovers" | "summary" | "verdicts">,
    "trial" | "counter" | "prediction" | "warnings"
  > {
  readonly verdicts: Optional<Record<CheckerName, Verdict>, "fencing">;
  readonly failovers: readonly EarlierFailover[];
  readonly summary: EarlierSummary;
}

export interface EarlierResult extends Optional<Omit<Result, "run" | "environment" | "trials">, "analysis"> {
  readonly run: Optional<Result["run"], "plannedTrials">;
  readonly environment: Optional<Environment, "clockCostNs">;
  readonly trials: readonly EarlierTrial[];
}

/**
 * What is there stays as it is, but for the analysis: it follows from the trials, by the rules of this version.
 */
export function complete(result: EarlierResult, histories: readonly History[]): Result {
  const trials = result.trials.map((trial, index) => {
    const number = trial.trial ?? index + 1;
    const history = histories.find(({ header }) => header.trial === number);
    return completeTrial({ ...trial, trial: number }, history, result.run.seed);
  });
  return {
    ...result,
    run: { ...result.run, plannedTrials: result.run.plannedTrials ?? null },
    environment: { ...result.environment, clockCostNs: result.environment.clockCostNs ?? Number.NaN },
    trials,
    // What an earlier version concluded from a few failovers is not repeated.
    analysis: analyse(trials, result.run.seed),
  };
}

function completeTrial(
  trial: EarlierTrial & { readonly trial: number },
  history: History | undefined,
  seed: number,
): TrialResult {
  const { failovers, summary } = trial;
  // Nothing but its own belief held an old leader back.
  const unsafeMs = ({ unsafeMs, overlapMs }: EarlierFailover) => unsafeMs ?? overlapMs;
  const overlaps = failovers.flatMap(({ overlapMs }) => overlapMs ?? []);
  return {
    ...trial,
    counter: trial.counter ?? "none",
    failovers: failovers.map((failover) => ({
      ...failover,
      atMs: failover.atMs ?? struckAtMs(history, failover.failover),
      unsafeMs: unsafeMs(failover),
      staleWrites: failover.staleWrites ?? null,
      announcements: failover.announcements ?? 0,
      disconnects: failover.disconnects ?? 0,
      busyMs: failover.busyMs ?? null,
      pulseMs: failover.pulseMs ?? null,
      server: failover.server && completeCounts(failover.server),
    })),
    summary: {
      ...summary,
      failoverMs: completeStatistics(
        summary.failoverMs,
        failovers.flatMap(({ totalMs }) => totalMs ?? []),
        seed,
      ),
      settledMs: completeStatistics(
        summary.settledMs,
        failovers.flatMap(({ settledMs }) => settledMs ?? []),
        seed,
      ),
      outliers: summary.outliers ?? [],
      overlapMs: summary.overlapMs ?? summarise(overlaps, seed),
      unsafeMs:
        summary.unsafeMs ??
        summarise(
          failovers.flatMap((failover) => unsafeMs(failover) ?? []),
          seed,
        ),
      staleWrites: summary.staleWrites ?? null,
    },
    verdicts: { ...trial.verdicts, fencing: trial.verdicts.fencing ?? fencingOf(history) },
    prediction: trial.prediction ?? null,
    warnings: trial.warnings ?? [],
  };
}

function fencingOf(history: History | undefined): Verdict {
  if (history === undefined)
    return { valid: "unknown", reason: "it was not judged, and its history is lost" };
  return judge(history).fencing;
}

function struckAtMs(history: History | undefined, failover: number): number {
  const fault = history?.events.find((event) => event.type === "fault" && event.failover === failover);
  return fault === undefined ? Number.NaN : fault.at / 1e6;
}

function completeCounts(counts: Partial<ServerDifference>): ServerDifference {
  const untold = Object.fromEntries(serverCountNames.map((name) => [name, null]));
  return { ...untold, ...counts } as ServerDifference;
}

/** The same values and seed give the same figures again, and with them those that were not saved. */
function completeStatistics(
  saved: Partial<Statistics> | null,
  values: readonly number[],
  seed: number,
): Statistics | null {
  const computed = saved === null ? null : summarise(values, seed);
  return computed && { ...computed, ...saved };
}

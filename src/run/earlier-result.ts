/**
 * Completes a result that an earlier version saved (0.1.0 to 0.6.0): missing parts are computed from the
 * history. What the history does not show either is `null`, empty or, where a number is required, `NaN`.
 */
import type { Verdict } from "../checkers/checker.ts";
import { checkerNames } from "../checkers/checkers.ts";
import { type Environment, type Result, type TrialResult, trialShape } from "../export/result.ts";
import { outcomeNamed } from "../faults/faults.ts";
import { defaultConditions } from "../history/conditions.ts";
import type { History } from "../history/history.ts";
import type { ServerSetUp } from "../history/own-servers.ts";
import { serverDifference } from "../history/server-difference.ts";
import { analyse } from "../metrics/analysis.ts";
import { type Failover, failover } from "../metrics/figures.ts";
import { summariseTrial, type TrialSummary, trialSummary } from "../metrics/summary.ts";
import { unknownParts } from "../shape.ts";
import { trialResult } from "./trial-result.ts";

type Nested = "failovers" | "summary" | "verdicts";

interface EarlierTrial extends Partial<Omit<TrialResult, Nested>> {
  readonly failovers: readonly Partial<Failover>[];
  readonly summary: Partial<TrialSummary>;
  readonly verdicts: Partial<TrialResult["verdicts"]>;
}

export interface EarlierResult {
  readonly schema: Result["schema"];
  readonly run: Omit<Result["run"], "plannedTrials" | "plannedFailovers"> & Partial<Result["run"]>;
  readonly environment: Omit<Environment, "clockCostNs" | "server"> &
    Pick<Partial<Environment>, "clockCostNs"> & {
      readonly server: Omit<Environment["server"], keyof ServerSetUp> & Partial<ServerSetUp>;
    };
  readonly trials: readonly EarlierTrial[];
  readonly thresholds?: Result["thresholds"];
}

/** Existing values stay, except the analysis: it is derived from the trials, by this version's rules. */
export function complete(result: EarlierResult, histories: readonly History[]): Result {
  const { run, environment: saved } = result;
  // Existing values also keep their place.
  const { spread = saved.server.embedded ? "even" : null, jvmOptions = [], zooCfg = [] } = saved.server;
  const environment = {
    ...saved,
    clockCostNs: saved.clockCostNs ?? Number.NaN,
    server: { ...saved.server, spread, jvmOptions, zooCfg },
  };
  const { seed } = run;
  const trials = result.trials.map((one, index) => {
    const trial = { ...one, trial: one.trial ?? index + 1 };
    if (isWhole(trial)) return trial as TrialResult;
    const history = histories.find(({ header }) => header.trial === trial.trial);
    const again = history && trialResult(history, seed, environment);
    return completeTrial({ servers: saved.server.servers, ...trial }, again, seed);
  });
  return {
    ...result,
    run: {
      ...run,
      plannedTrials: run.plannedTrials ?? null,
      plannedFailovers: run.plannedFailovers ?? null,
    },
    environment,
    trials,
    // An earlier version's conclusions from a few failovers are not repeated.
    analysis: analyse(trials, seed, environment.server.tickTimeMs),
    // Later rules might decide otherwise than those that the run was judged by.
    thresholds: result.thresholds ?? null,
  };
}

function isWhole({ failovers, summary, verdicts, ...rest }: EarlierTrial): boolean {
  const has = (value: object, names: readonly string[]) => names.every((name) => name in value);
  const names = trialShape.required.filter((name) => !["failovers", "summary", "verdicts"].includes(name));
  return (
    has(rest, names) &&
    has(summary, trialSummary.required) &&
    has(verdicts, checkerNames) &&
    failovers.every((one) => has(one, failover.required))
  );
}

/** @param again the trial as computed from its history; without one that is lost */
function completeTrial(saved: EarlierTrial, again: TrialResult | undefined, seed: number): TrialResult {
  const failovers = saved.failovers.map((one, index) => completeFailover(one, again?.failovers[index]));
  const lost: Verdict = { valid: "unknown", reason: "it was not judged, and its history is lost" };
  const { counter = "none", prediction = null, warnings = [], network = null, ensemble = null } = again ?? {};
  const conditions = { ...defaultConditions, ...saved };
  return {
    ...{ counter, prediction, warnings, network, ensemble },
    expects: outcomeNamed(conditions.fault, conditions.sessionTimeoutMs),
    ...conditions,
    failovers,
    summary: completeSummary(saved.summary, summariseTrial(failovers, seed)),
    verdicts: {
      ...Object.fromEntries(checkerNames.map((name) => [name, again?.verdicts[name] ?? lost])),
      ...saved.verdicts,
    },
  } as TrialResult;
}

function completeFailover(saved: Partial<Failover>, again: Failover | undefined): Failover {
  const server = saved.server && { ...unknownParts(serverDifference), ...again?.server, ...saved.server };
  return {
    ...unknownParts(failover),
    ...again,
    // Only its own belief held an old leader back.
    ...(saved.overlapMs !== undefined && { unsafeMs: saved.overlapMs }),
    ...saved,
    ...(server !== undefined && { server }),
  };
}

/** The same values and seed give the same figures again, including those that were not saved. */
function completeSummary(saved: Partial<TrialSummary>, again: TrialSummary): TrialSummary {
  const statistics = (["failoverMs", "settledMs"] as const).map((name) => {
    const figures = saved[name];
    return [name, figures && { ...again[name], ...figures }];
  });
  return { ...again, ...saved, ...Object.fromEntries(statistics) };
}

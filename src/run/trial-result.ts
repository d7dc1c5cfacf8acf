/**
 * Record, then fold: a trial's figures, verdicts and warnings are computed only from its history and the run's
 * seed and environment. So a saved history gives the same results.
 */
import { judge } from "../checkers/checkers.ts";
import { type Environment, RESULT_SCHEMA, type Result, type TrialResult } from "../export/result.ts";
import { conditionsOf } from "../history/conditions.ts";
import type { History } from "../history/history.ts";
import type { TrialEnd } from "../history/observations.ts";
import { commonExpectation } from "../history/strike.ts";
import { analyse } from "../metrics/analysis.ts";
import { failovers as failoversOf, serverCountsOf } from "../metrics/failover.ts";
import { failoversWithLapses } from "../metrics/lapses.ts";
import { summariseTrial } from "../metrics/summary.ts";
import { predict } from "../metrics/theory.ts";
import { warningsOf } from "../metrics/warning.ts";

export function trialResult(history: History, seed: number, environment: Environment): TrialResult {
  const { trial, scheme, sessionTimeoutMs, counter } = history.header;
  const { observations } = history;
  const end: TrialEnd = observations?.end ?? {
    state: "errored",
    reason: "the history does not say how it ended",
  };
  const serverTroubles = observations?.serverTroubles ?? [];
  const failovers = failoversOf(history);
  const summary = summariseTrial(failovers, seed);
  const { tickTimeMs, servers: count } = environment.server;
  const expects = commonExpectation(history.strikes);
  const [granted = sessionTimeoutMs, ...others] = observations?.grantedTimeoutsMs ?? [];
  // If candidates were granted different session timeouts, theory has none that holds for all.
  const silentMs =
    others.length === 0 && expects?.silentMs === sessionTimeoutMs ? granted : expects?.silentMs;
  const prediction =
    expects &&
    predict({ expects: { ...expects, silentMs: silentMs ?? 0 }, tickTimeMs, servers: count }, failovers);
  return {
    trial,
    scheme,
    ...conditionsOf(history.header),
    expects: expects && { leader: expects.leader, silentMs: expects.silentMs },
    counter,
    state: end.state,
    ...(end.state !== "completed" && { reason: end.reason }),
    ...(end.state === "errored" && end.blame !== undefined && { blame: end.blame }),
    enrolment: observations?.enrolment ?? null,
    failovers,
    summary,
    verdicts: judge(history),
    prediction,
    warnings: warningsOf({
      failovers,
      summary,
      prediction,
      busyMs: failovers.map(({ busyMs }) => busyMs),
      disconnects: failovers.flatMap(({ failover, disconnects }) => (disconnects > 0 ? failover : [])),
      lapses: failoversWithLapses(history),
      serverTroubles,
      embedded: environment.server.embedded,
      impossibleCounts: serverCountsOf(history).impossible,
      measured: failovers.filter(({ end }) => end === "settled").length,
      sessionTimeoutMs,
      grantedTimeoutsMs: observations?.grantedTimeoutsMs ?? [],
      foreignCpuShare: observations?.foreignCpuShare ?? null,
      clockCostNs: environment.clockCostNs,
    }),
  };
}

/** The whole result, from its trials in any order. */
export function resultOf(
  run: Result["run"],
  environment: Environment,
  trials: readonly TrialResult[],
): Result {
  const inOrder = trials.toSorted((a, b) => a.trial - b.trial);
  return { schema: RESULT_SCHEMA, run, environment, trials: inOrder, analysis: analyse(inOrder, run.seed) };
}

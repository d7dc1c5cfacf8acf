/** A run as a report gets it, made up: the figures follow from their places, so that tests can name them. */
import type { ReportRun } from "../export/html/report-run.ts";
import type { Result, TrialResult } from "../export/result.ts";
import { sampleComparison, sampleResult, sampleTrial } from "../export/sample-result.ts";
import { defaultConditions } from "../history/conditions.ts";
import type { SchemeComparison } from "../metrics/analysis.ts";
import { sampleFailover } from "../metrics/sample-failover.ts";
import { summarise } from "../metrics/statistics.ts";
import { summariseTrial } from "../metrics/summary.ts";

const COUNT = 8;

const { candidates: _, ...besidesCandidates } = defaultConditions;

/** `slowness`: how many milliseconds a candidate adds. */
export function trialOf(trial: number, scheme: string, candidates: number, slowness: number): TrialResult {
  const woken = slowness === 0 ? 1 : candidates - 1;
  const failovers = Array.from({ length: COUNT }, (_, index) =>
    failoverOf(index, trial, candidates, slowness, woken),
  );
  const statistics = summarise(
    failovers.flatMap(({ totalMs }) => totalMs ?? []),
    1,
  );
  return sampleTrial({
    ...{ trial, scheme, candidates, enrolment: null, failovers },
    summary: {
      ...summariseTrial([], 1),
      ...{ failoverMs: statistics, settledMs: statistics, outliers: [COUNT] },
      ...{ notificationsPerFailover: woken, readsPerFailover: woken },
    },
    prediction: { failoverMs: { low: 0, high: 40 }, inside: COUNT, outside: [] },
    warnings: [
      { type: "outliers", message: "1 of 8 lies far off", hint: "find a quiet machine", failovers: [COUNT] },
    ],
  });
}

function failoverOf(index: number, trial: number, candidates: number, slowness: number, woken: number) {
  const totalMs = 2 + index * 0.1 + slowness * candidates + (index === COUNT - 1 ? 9 : 0);
  return sampleFailover({
    failover: index + 1,
    atMs: trial * 1000 + index * 50,
    totalMs,
    detectionMs: totalMs / 2,
    notificationMs: totalMs / 4,
    takeoverMs: totalMs / 4,
    settledMs: totalMs,
    notifications: woken,
    reads: woken,
  });
}

export function runOf(
  name: string,
  trials: readonly TrialResult[],
  comparisons: readonly SchemeComparison[] = [],
): ReportRun {
  const result: Result = sampleResult({
    run: { ...sampleResult().run, command: "lab", argv: ["lab", "--candidates", "10,100"] },
    trials,
    analysis: {
      comparisons,
      uncompared: [],
      growth: [
        {
          scheme: "leader",
          measure: "settledMs",
          ...besidesCandidates,
          exponent: 1.04,
          interval: [1, 1.08],
          factor: 0.2,
        },
      ],
    },
  });
  return { name, result, histories: [] };
}

export function comparisonOf(
  scheme: string,
  ratio: number,
  conclusion: SchemeComparison["conclusion"],
): SchemeComparison {
  const interval = [ratio * 0.9, ratio * 1.1] as const;
  return sampleComparison({ scheme, candidates: 100, ratio, interval, pValue: 0.0004, conclusion });
}

/** Two schemes at 10 and 100 candidates. */
export function sampleRun(name = "sample"): ReportRun {
  const trials = [10, 100].flatMap((candidates, index) => [
    trialOf(index * 2 + 1, "predecessor", candidates, 0),
    trialOf(index * 2 + 2, "leader", candidates, 0.2),
  ]);
  return runOf(name, trials, [comparisonOf("leader", 9.8, "slower")]);
}

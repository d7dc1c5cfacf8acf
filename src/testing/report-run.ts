/**
 * Made-up runs for reports: with figures that follow from their places, so that tests can name them, or with
 * histories and nothing measured.
 */
import type { Verdict } from "../checkers/checker.ts";
import type { CheckerName } from "../checkers/checkers.ts";
import type { TrialResult } from "../export/result.ts";
import { conditionsOf } from "../history/conditions.ts";
import type { History } from "../history/history.ts";
import type { RolesSeen } from "../history/own-servers.ts";
import type { SchemeComparison } from "../metrics/analysis.ts";
import { summarise } from "../metrics/statistics.ts";
import { summariseTrial } from "../metrics/summary.ts";
import type { ReportRun } from "../report/report-run.ts";
import {
  sampleComparison,
  sampleFailover,
  sampleGrowth,
  sampleObservations,
  sampleResult,
  sampleTrial,
} from "./samples.ts";
import { Story } from "./story.ts";

const COUNT = 8;

/** `slowness`: the milliseconds that a candidate adds. */
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
  const result = sampleResult({
    run: { ...sampleResult().run, command: "lab", argv: ["lab", "--candidates", "10,100"] },
    trials,
    analysis: {
      comparisons,
      uncompared: [],
      growth: [sampleGrowth()],
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

/** A run of given histories, in which nothing was measured and no fault found. */
export function exampleRun(
  histories: readonly History[],
  verdicts: Partial<Record<CheckerName, Verdict>> = {},
): ReportRun {
  const trials = histories.map(({ header: { trial, scheme, counter, ...rest } }) =>
    sampleTrial({
      ...{ trial, scheme, counter, ...conditionsOf(rest) },
      ...{ enrolment: null, failovers: [], summary: summariseTrial([], 1), prediction: null },
      verdicts: { ...sampleTrial().verdicts, ...verdicts },
    }),
  );
  return { name: "example", histories, result: sampleResult({ trials }) };
}

/** Three candidates, and this many failovers, 100 ms apart; under another scheme all are woken. */
export function exampleHistory(scheme: string, trial = 1): History {
  const herd = scheme !== "predecessor";
  const told = new Story({ trial, scheme, candidates: 3, failovers: 2, notifications: herd ? 2 : 1 });
  const watch = (ms: number, candidate: number, sequence: number) =>
    told.event(ms, candidate, "armed", { watch: "contender", sequence });
  told.joins(1, 0, 0).claims(2, 0).joins(3, 1, 1);
  watch(4, 1, 0);
  told.joins(5, 2, 2);
  watch(6, 2, herd ? 0 : 1);
  told.event(7, -1, "enrolled", { candidates: 3 });
  told.fault(100, 1, 0).ends(100.1, 0, "resigned").removes(101, 0);
  told.event(102, 1, "notified", { watch: "contender", sequence: 0 }).looks(103, 1).claims(104, 1);
  if (herd) {
    told.event(103, 2, "notified", { watch: "contender", sequence: 0 }).looks(105, 2);
    watch(107, 2, 1);
  }
  told.settles(110, 1);
  told.joins(120, 0, 3);
  watch(122, 0, herd ? 1 : 2);
  told.fault(200, 2, 1).ends(200.1, 1, "resigned").removes(201, 1);
  told.event(203, 2, "notified", { watch: "contender", sequence: 1 }).looks(204, 2).claims(206, 2);
  return told.settles(210, 2).told();
}

/**
 * Three candidates on three servers, of which the third leads the others and serves the elected leader. It is
 * killed at 100 ms; the leader is on the second server at 150 ms, all have settled at 160 ms, and the third is
 * back at 210 ms. Then the second one leads the others.
 */
export function ensembleHistory(): History {
  const told = new Story({
    ...{ candidates: 3, servers: 3, fault: "quorum-leader-kill" },
    ...{ leader: "same", contendersStay: true, notifications: 0 },
  });
  for (const candidate of [0, 1, 2]) told.joins(candidate, candidate).waits(candidate, candidate);
  told.connects(3, 0, 1, "3").claims(4, 0).event(5, -1, "enrolled", { candidates: 3 });
  told.fault(100, 1, 0).event(100, -1, "server", { server: 3, state: "killed" });
  told.suspends(101, 0).ends(101, 0, "suspended").connects(150, 0, 1, "2").claims(151, 0);
  told.settles(160, 1).event(210, -1, "server", { server: 3, state: "back" }).connects(220, 2, 3, "3");
  const roles: RolesSeen[] = [
    { failover: 0, roles: ["follower", "follower", "leader"] },
    { failover: 1, roles: ["follower", "leader", "follower"] },
  ];
  return told.told(null, sampleObservations({ roles }));
}

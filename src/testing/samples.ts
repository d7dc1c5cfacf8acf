/**
 * Made-up parts of a result, from a failover to the whole, for tests of code that reads results. Each function
 * takes the changes that a test is about.
 */
import { RESULT_SCHEMA, type Result, type TrialResult } from "../export/result.ts";
import { outcomeNamed } from "../faults/faults.ts";
import { defaultConditions } from "../history/conditions.ts";
import type { CrowdCosts } from "../history/crowd-costs.ts";
import { nothingSeen, type Observations } from "../history/observations.ts";
import { type ServerDifference, serverDifference } from "../history/server-difference.ts";
import type { SchemeComparison, SchemeGrowth } from "../metrics/analysis.ts";
import { type Failover, failover } from "../metrics/figures.ts";
import type { CostModel } from "../metrics/forecast.ts";
import type { Statistics } from "../metrics/statistics.ts";
import { unknownParts } from "../shape.ts";

/** What is seen of a trial in which nothing happened but its events. */
export function sampleObservations(changes: Partial<Observations> = {}): Observations {
  return {
    end: { state: "completed" },
    ...nothingSeen,
    ...changes,
  };
}

export function sampleStatistics(changes: Partial<Statistics> = {}): Statistics {
  return { n: 2, min: 2, p50: 3, p90: 3.8, p99: 3.98, max: 4, mad: 1, p50Interval: [2, 4], ...changes };
}

/** A failover of 2 ms, with only the figures that candidates provide. */
export function sampleFailover(changes: Partial<Failover> = {}): Failover {
  return {
    ...unknownParts(failover),
    failover: 1,
    end: "settled",
    victim: 0,
    atMs: 100,
    successor: 1,
    totalMs: 2,
    detectionMs: 1,
    notificationMs: 0,
    takeoverMs: 1,
    settledMs: 2,
    overlapMs: 0,
    unsafeMs: 0,
    notifications: 1,
    leaders: 1,
    reads: 1,
    busyMs: 1,
    ...changes,
  };
}

/** A failover for each total, numbered from 1; all have settled when the successor leads. */
export function sampleFailovers(totalsMs: readonly number[], changes: Partial<Failover> = {}): Failover[] {
  return totalsMs.map((totalMs, index) =>
    sampleFailover({ failover: index + 1, totalMs, settledMs: totalMs, ...changes }),
  );
}

/** The counts of servers that report only these. */
export function sampleServer(told: Partial<ServerDifference>): ServerDifference {
  return { ...unknownParts(serverDifference), ...told };
}

/** A failover that also has the servers' counts and the calibration. */
export function countedFailover(changes: Partial<Failover> = {}): Failover {
  const server = sampleServer({
    packetsSent: 6,
    packetsReceived: 2,
    responseBytes: 441,
    watchBytes: 130,
    deletedWatches: 1,
    childrenWatches: 0,
    dataReads: 0,
    readRequests: 1,
    lists: 1,
    pings: 0,
    readLatencyMs: 0.4,
    updateLatencyMs: 0.8,
    outstandingRequests: 0,
    cpuMs: 10,
    fsyncMs: 1,
  });
  const phases = { notificationMs: 0.25, takeoverMs: 0.75, settledMs: 2.5 };
  return sampleFailover({ ...phases, atMs: 1000.000001, pulseMs: 1.5, server, ...changes });
}

export function sampleTrial(changes: Partial<TrialResult> = {}): TrialResult {
  const { fault, sessionTimeoutMs } = { ...defaultConditions, ...changes };
  return {
    ...defaultConditions,
    trial: 1,
    scheme: "predecessor",
    expects: outcomeNamed(fault, sessionTimeoutMs),
    counter: "none",
    state: "completed",
    network: null,
    ensemble: null,
    enrolment: { readyMs: 320.5, rssBytesPerCandidate: 11_000_000 },
    failovers: [countedFailover(), countedFailover({ failover: 2, atMs: 1100, totalMs: 4, settledMs: 4 })],
    summary: {
      failoverMs: sampleStatistics(),
      notificationsPerFailover: 1,
      leadersPerFailover: 1,
      readsPerFailover: 1.5,
      settledMs: sampleStatistics({ min: 2.5, p50: 3.25, p50Interval: [2.5, 4] }),
      outliers: [],
      overlapMs: sampleStatistics({ min: 0, p50: 0, p90: 0, p99: 0, max: 0, mad: 0, p50Interval: [0, 0] }),
      unsafeMs: sampleStatistics({ min: 0, p50: 0, p90: 0, p99: 0, max: 0, mad: 0, p50Interval: [0, 0] }),
      gapMs: null,
      staleWrites: null,
    },
    verdicts: {
      singleLeader: { valid: true },
      fencing: { valid: true },
      succession: { valid: true },
      liveness: { valid: true },
      watchBound: { valid: true },
      expectation: { valid: true },
      cleanup: { valid: true },
    },
    prediction: { failoverMs: { low: 0, high: 50 }, inside: 2, outside: [] },
    warnings: [],
    ...changes,
  };
}

/** Ten candidates that have joined and rested. */
export function sampleCrowd(): CrowdCosts {
  return {
    ...{ joinMs: 80, joinResponseBytes: 6200, joinServerCpuMs: 7, joinLabCpuMs: 9 },
    ...{ restMs: 2000, restServerCpuMs: 20, restLabCpuMs: 30 },
    ...{ sessionsHeapBytes: 4.5e6, settledHeapBytes: 4.6e6 },
    watches: 10,
  };
}

/** A microsecond for each name in N − 1 lists of N names. */
export function sampleModel(changes: Partial<CostModel> = {}): CostModel {
  const { candidates: _, perThread: __, ...conditions } = defaultConditions;
  const of = (candidates: number) => 1 + 0.001 * candidates * (candidates - 1);
  return {
    scheme: "leader",
    ...conditions,
    measure: "failoverMs",
    points: [10, 30, 100, 300, 1000].map((candidates) => ({
      ...{ candidates, value: of(candidates), fitted: of(candidates) },
    })),
    exponent: 1.6,
    exponentInterval: [1.1, 2.1],
    costs: { once: 1, perPair: 0.001 },
    heldOut: [{ candidates: 1000, foretold: 1100, measured: 1000 }],
    forecasts: [100_000, 1_000_000].map((candidates) => ({
      ...{ candidates, foretold: of(candidates), interval: [0.9 * of(candidates), 1.2 * of(candidates)] },
    })),
    ...changes,
  };
}

export function sampleComparison(changes: Partial<SchemeComparison> = {}): SchemeComparison {
  return {
    scheme: "leader",
    baseline: "predecessor",
    measure: "failoverMs",
    ...defaultConditions,
    ratio: 7.8,
    interval: [7.1, 8.4],
    pValue: 0.0001,
    conclusion: "slower",
    ...changes,
  };
}

export function sampleGrowth(changes: Partial<SchemeGrowth> = {}): SchemeGrowth {
  const { candidates: _, ...conditions } = defaultConditions;
  const line = { exponent: 1.04, interval: [1, 1.08], factor: 0.2 } as const;
  return { scheme: "leader", measure: "settledMs", ...conditions, ...line, ...changes };
}

export function sampleResult(changes: Partial<Result> = {}): Result {
  return {
    schema: RESULT_SCHEMA,
    run: {
      command: "bench",
      argv: ["bench"],
      startedAt: "2026-01-01T00:00:00.000Z",
      state: "completed",
      seed: 1,
      plannedTrials: 1,
      plannedFailovers: 1,
      version: "0.2.0",
      git: "abc",
    },
    environment: {
      node: "20.19.0",
      os: "Linux 6.18",
      cpu: "a processor",
      cores: 2,
      memoryBytes: 1e9,
      clockCostNs: 60,
      client: "zookeeper 7.3.0",
      server: {
        ...{ version: "3.9.5", servers: 1, tickTimeMs: 200, embedded: true, forceSync: true },
        ...{ spread: "even", jvmOptions: [], zooCfg: [] },
      },
    },
    trials: [sampleTrial()],
    analysis: { comparisons: [], uncompared: [], growth: [] },
    thresholds: [],
    ...changes,
  };
}

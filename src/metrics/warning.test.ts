import { describe, expect, test } from "vitest";
import { sampleFailover, sampleFailovers, sampleServer } from "../testing/samples.ts";
import { summarise } from "./statistics.ts";
import { type Symptoms, warningsOf, warningTypes } from "./warning.ts";

const totalsMs = Array.from({ length: 20 }, () => 2);

function symptoms(changes: Partial<Symptoms> = {}): Symptoms {
  return {
    failovers: sampleFailovers(totalsMs).map((failover) => ({
      ...failover,
      server: sampleServer({ fsyncMs: 0.3 }),
    })),
    summary: { outliers: [], failoverMs: summarise(totalsMs, 1) },
    prediction: { failoverMs: { low: 0, high: 52 }, inside: 20, outside: [] },
    busyMs: totalsMs,
    disconnects: [],
    lapses: [],
    serverTroubles: [],
    embedded: false,
    impossibleCounts: [],
    foreignCpuShare: 0.1,
    sessionTimeoutMs: 4000,
    grantedTimeoutsMs: [4000, 4000],
    clockCostNs: 62,
    measured: 20,
    ...changes,
  };
}

/** One value for all failovers except some, given by number. */
function allBut<Value>(usual: Value, changes: Readonly<Record<number, Value>>): Value[] {
  return totalsMs.map((_, index) => changes[index + 1] ?? usual);
}

const fsyncs = (usual: number | null, changes: Readonly<Record<number, number>>) => ({
  failovers: allBut(usual, changes).map((fsyncMs, index) => ({
    ...sampleFailover({ failover: index + 1, server: sampleServer({ fsyncMs }) }),
  })),
});

const types = (changes: Partial<Symptoms>) => warningsOf(symptoms(changes)).map(({ type }) => type);

test("say nothing about a trial without problems", () => {
  expect(warningsOf(symptoms())).toEqual([]);
});

test("unknown values cause no warning", () => {
  const unknown = { prediction: null, busyMs: totalsMs.map(() => null), foreignCpuShare: null };
  expect(types({ ...unknown, ...fsyncs(null, {}), grantedTimeoutsMs: [] })).toEqual([]);
});

test("each says what was seen, with its figure, and what to do", () => {
  const warnings = warningsOf(
    symptoms({
      ...fsyncs(0.3, { 4: 17.3 }),
      summary: { outliers: [3, 4], failoverMs: summarise(totalsMs, 1) },
      prediction: { failoverMs: { low: 0, high: 52 }, inside: 18, outside: [3, 9] },
      busyMs: allBut(2, { 3: 38.4 }),
      disconnects: [5],
      lapses: [9],
      serverTroubles: [
        { type: "silent", server: 3, address: "zk3:2181", reason: "ECONNREFUSED", failovers: [6, 7] },
        { type: "forbids", server: 4, address: "zk4:2181", failovers: [5] },
        { type: "several", server: 1, address: "zk:2181", failovers: [2, 8] },
        { type: "changed", server: 1, address: "zk:2181", failovers: [1] },
        { type: "changed", server: 2, address: "zk2:2181", failovers: [1] },
      ],
      impossibleCounts: [{ failover: 8, names: ["packetsSent", "lists"] }],
      foreignCpuShare: 0.34,
      grantedTimeoutsMs: [4000, 1000, 1000],
      clockCostNs: 1400.4,
      measured: 19,
    }),
  );
  expect(warnings.map(({ type }) => type)).toEqual(warningTypes);
  expect(
    Object.fromEntries(warnings.map(({ type, message, failovers }) => [type, { message, failovers }])),
  ).toEqual({
    outliers: {
      message:
        "2 of 19 failovers took a time far from the median of 2.00 ms (event-loop-delay at 3; fsync-outliers at 4)",
      failovers: [3, 4],
    },
    "event-loop-delay": {
      message: "a candidate's thread was busy for up to 38 ms in 1 failover",
      failovers: [3],
    },
    "cpu-starvation": { message: "other processes took 34 % of the processors", failovers: [] },
    "too-few-samples": {
      message: "19 failovers measured: p90 and p99 are hardly more than the slowest one",
      failovers: [],
    },
    "session-timeout-changed": {
      message: "a session timeout of 4000 ms was asked for, and 1000 ms granted",
      failovers: [],
    },
    "fsync-outliers": {
      message: "the servers waited for their disk for up to 17 ms in 1 failover",
      failovers: [4],
    },
    "lease-lapsed": {
      message: "a lease ran out that no fault had struck, in 1 failover",
      failovers: [9],
    },
    "unexpected-disconnect": {
      message: "candidates other than the victim were cut off in 1 failover",
      failovers: [5],
    },
    "server-silent": {
      message: "server 3, zk3:2181, does not answer (ECONNREFUSED)",
      failovers: [6, 7],
    },
    "server-forbids": { message: "server 4, zk4:2181, does not permit mntr", failovers: [5] },
    "server-changed": {
      message:
        "several servers answer as server 1, zk:2181; " +
        "server 2, zk2:2181, was a different one at the next look, or has restarted",
      failovers: [1, 2, 8],
    },
    "impossible-counts": {
      message: "the servers' counts decreased in 1 failover (packetsSent, lists)",
      failovers: [8],
    },
    "clock-cost": { message: "reading the clock once costs 1400 ns", failovers: [] },
    "outside-prediction": {
      message:
        "2 of 20 failovers outside the predicted 0.00 ms to 52 ms (event-loop-delay at 3; lease-lapsed at 9)",
      failovers: [3, 9],
    },
  });
  expect(warnings.filter(({ hint }) => hint.length < 20)).toEqual([]);
});

test("a single failover has no slowest one in the message", () => {
  const [warning] = warningsOf(symptoms({ measured: 1 }));
  expect(warning?.message).toBe("1 failover measured: all figures describe that one");
});

test("a trial's own warnings explain no single failover", () => {
  const outside = { failoverMs: { low: 0, high: 52 }, inside: 19, outside: [7] };
  const [, warning] = warningsOf(symptoms({ prediction: outside, foreignCpuShare: 0.5 }));
  expect(warning?.message).toContain("(nothing recorded explains it)");
});

test("a server that never answered concerns the trial as a whole", () => {
  const failovers = totalsMs.map((_, index) => index + 1);
  const silent = {
    type: "silent",
    server: 2,
    address: "zk2:2181",
    reason: "ECONNREFUSED",
    failovers,
  } as const;
  expect(warningsOf(symptoms({ serverTroubles: [silent] }))).toMatchObject([{ failovers: [] }]);
});

test("the lab's own server cannot be left out of --connect", () => {
  const silent = {
    type: "silent",
    server: 1,
    address: "127.0.0.1:2181",
    reason: "ETIMEDOUT",
    failovers: [3],
  } as const;
  const hints = (embedded: boolean) =>
    warningsOf(symptoms({ embedded, serverTroubles: [silent] })).map(({ hint }) => hint);
  expect(hints(true)).toEqual([expect.not.stringContaining("--connect")]);
  expect(hints(false)).toEqual([expect.stringContaining("--connect")]);
});

test("a server that does not answer explains no failover: it costs nothing but counts", () => {
  const silent = {
    type: "silent",
    server: 2,
    address: "zk2:2181",
    reason: "ECONNREFUSED",
    failovers: [3],
  } as const;
  const [outliers] = warningsOf(
    symptoms({
      summary: { outliers: [3], failoverMs: summarise(totalsMs, 1) },
      serverTroubles: [silent],
    }),
  );
  expect(outliers?.message).toContain("(nothing recorded explains it)");
});

test("if a timer decides, a failover within the predicted band is not an outlier", () => {
  const summary = { outliers: [3, 4], failoverMs: summarise(totalsMs, 1) };
  const band = { low: 1333, high: 2252 };
  expect(types({ summary, prediction: { failoverMs: band, inside: 20, outside: [] } })).toEqual([]);
  const [outliers] = warningsOf(
    symptoms({ summary, prediction: { failoverMs: band, inside: 19, outside: [4] } }),
  );
  expect(outliers).toMatchObject({ type: "outliers", failovers: [4] });
  expect(types({ summary })).toEqual(["outliers"]);
});

describe("the limits", () => {
  test("of busy threads: 10 ms, and twice this trial's median", () => {
    expect(types({ busyMs: allBut(2, { 3: 10 }) })).toEqual([]);
    expect(types({ busyMs: allBut(2, { 3: 10.1 }) })).toEqual(["event-loop-delay"]);
    expect(types({ busyMs: allBut(30, { 3: 60 }) })).toEqual([]);
    expect(types({ busyMs: allBut(30, { 3: 60.1 }) })).toEqual(["event-loop-delay"]);
  });

  test("of the disk: 5 ms, and five times this trial's median", () => {
    expect(types(fsyncs(0.3, { 3: 5 }))).toEqual([]);
    expect(types(fsyncs(0.3, { 3: 5.1 }))).toEqual(["fsync-outliers"]);
    expect(types(fsyncs(4, { 3: 20 }))).toEqual([]);
    expect(types(fsyncs(4, { 3: 20.1 }))).toEqual(["fsync-outliers"]);
  });

  test("of other processes, samples, and the clock", () => {
    expect(types({ foreignCpuShare: 0.101 })).toEqual(["cpu-starvation"]);
    expect(types({ measured: 1 })).toEqual(["too-few-samples"]);
    // The end of a trial that ended before its first failover says enough.
    expect(types({ measured: 0 })).toEqual([]);
    expect(types({ clockCostNs: 1000 })).toEqual([]);
    expect(types({ clockCostNs: 1001 })).toEqual(["clock-cost"]);
  });
});

import { expect, test } from "vitest";
import { defaultConditions } from "../history/conditions.ts";
import { sampleFailover, sampleServer } from "../testing/samples.ts";
import { figureOf, measureNamed, type ThresholdTrial } from "./threshold-measure.ts";

const counts = sampleServer({
  packetsSent: 6,
  packetsReceived: 2,
  responseBytes: 441,
  watchBytes: 130,
  lists: 1,
  cpuMs: null,
});

const trial: ThresholdTrial = {
  ...defaultConditions,
  scheme: "predecessor",
  failovers: [
    { ...sampleFailover({ totalMs: 2, overlapMs: null }), server: counts },
    {
      ...sampleFailover({ totalMs: 4, overlapMs: null, settledMs: 9 }),
      server: { ...counts, responseBytes: 443 },
    },
    { ...sampleFailover({ totalMs: null, end: "aborted", settledMs: null, overlapMs: null }), server: null },
  ],
  summary: {
    notificationsPerFailover: 1,
    readsPerFailover: null,
    staleWrites: { attempted: 3, accepted: 0 },
  },
};

function figure(name: string): number | null {
  const measure = measureNamed(name);
  if (measure === null) throw new Error(`there is no measure ${name}`);
  return figureOf(measure, trial);
}

test.each([
  ["failoverMs.n", 2],
  ["failoverMs.min", 2],
  ["failoverMs.p50", 3],
  ["failoverMs.max", 4],
  ["failoverMs.mad", 1],
  ["settledMs.max", 9],
  ["detectionMs.p50", 1],
  ["notificationMs.p90", 0],
  ["takeoverMs.p99", 1],
  ["unsafeMs.max", 0],
  ["notificationsPerFailover", 1],
  ["staleWrites.attempted", 3],
  ["staleWrites.accepted", 0],
  ["server.packetsSent", 6],
  ["server.packetsReceived", 2],
  ["server.responseBytes", 442],
  ["server.watchBytes", 130],
  ["server.lists", 1],
])("%s is %d", (name, value) => {
  expect(figure(name)).toBe(value);
});

test.each(["overlapMs.p50", "readsPerFailover", "server.cpuMs"])("%s is not there, and no zero", (name) => {
  expect(figure(name)).toBeNull();
});

test("stale writes are not there where there was no counter", () => {
  const measure = measureNamed("staleWrites.accepted");
  const summary = { ...trial.summary, staleWrites: null };
  expect(measure && figureOf(measure, { ...trial, summary })).toBeNull();
});

test.each([
  "failoverMs",
  "failoverMs.p95",
  "failoverMs.p50.max",
  "failoverMs.p50Interval",
  "readsPerFailover.p50",
  "server",
  "staleWrites",
  "staleWrites.p50",
  "server.pongs",
  "server.lists.p50",
  "toString.n",
  "",
  ".",
])("there is no measure %s", (name) => {
  expect(measureNamed(name)).toBeNull();
});

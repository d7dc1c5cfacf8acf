import { expect, test } from "vitest";
import { sampleFailovers } from "../testing/samples.ts";
import { Story } from "../testing/story.ts";
import { failovers } from "./failover.ts";
import { summariseTrial } from "./summary.ts";

test("sums up a trial", () => {
  const story = new Story({ failovers: 2 }).joins(0, 0).claims(1, 0).joins(2, 1).waits(3, 1);
  story.fault(10, 1, 0, 0).ends(10, 0, "resigned").removes(10, 0).wakes(11, 1).looks(11, 1).claims(12, 1);
  story.settles(13, 1).joins(14, 0, 2).waits(15, 0);
  story.fault(20, 2, 1, 1).ends(20, 1, "resigned").removes(20, 1).wakes(22, 0).looks(22, 0).claims(24, 0);
  expect(summariseTrial(failovers(story.settles(25, 2).told()), 1)).toMatchObject({
    failoverMs: { n: 2, min: 2, p50: 3, max: 4, p50Interval: [2, 4] },
    notificationsPerFailover: 1,
    leadersPerFailover: 1,
    readsPerFailover: 1,
    settledMs: { p50: 3 },
  });
});

test("a trial in which nobody new had to lead has no failover time, but a herd", () => {
  const story = new Story({ leader: "same" }).joins(0, 0).claims(1, 0).joins(2, 1).joins(3, 2);
  story.fault(10, 1, 1).wakes(12, 2).looks(12, 2).waits(13, 2).settles(14, 1);
  expect(summariseTrial(failovers(story.told()), 1)).toMatchObject({
    failoverMs: null,
    outliers: [],
    notificationsPerFailover: 1,
    leadersPerFailover: 0,
    readsPerFailover: 1,
    settledMs: { p50: 3 },
  });
});

test("nothing comes of nothing", () => {
  expect(summariseTrial([], 1)).toEqual({
    failoverMs: null,
    outliers: [],
    notificationsPerFailover: null,
    leadersPerFailover: null,
    readsPerFailover: null,
    settledMs: null,
    overlapMs: null,
    unsafeMs: null,
    gapMs: null,
    staleWrites: null,
  });
});

test("stale writes are summed up over the failovers, and what nobody knows is in no statistics", () => {
  const [first, second, third] = sampleFailovers([2, 2, 2]);
  if (first === undefined || second === undefined || third === undefined) throw new Error("there are three");
  const trial = [
    { ...first, overlapMs: 500, unsafeMs: 4, staleWrites: { attempted: 1, accepted: 0 } },
    { ...second, overlapMs: null, unsafeMs: 6, staleWrites: { attempted: 2, accepted: 2 } },
    { ...third, overlapMs: null, unsafeMs: null, staleWrites: { attempted: 0, accepted: 0 } },
  ];
  expect(summariseTrial(trial, 1)).toMatchObject({
    overlapMs: { n: 1, p50: 500 },
    unsafeMs: { n: 2, p50: 5, max: 6 },
    staleWrites: { attempted: 3, accepted: 2 },
  });
});

test("names failovers that lie far from the others by their numbers, whatever was left out before them", () => {
  const [first, ...others] = sampleFailovers([2, 2, 2.1, 1.9, 2.2, 40, 2]);
  if (first === undefined) throw new Error("there is a first one");
  const summary = summariseTrial([{ ...first, totalMs: null }, ...others], 1);
  expect(summary.outliers).toEqual([6]);
  expect(summary.failoverMs).toMatchObject({ n: 6, max: 40 });
});

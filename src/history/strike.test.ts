import { expect, test } from "vitest";
import type { Event } from "./event.ts";
import { commonExpectation, type PlannedStrike, strikesIn } from "./strike.ts";

const planned = (failover: number, victim: number, silentMs = 0): PlannedStrike => ({
  failover,
  fault: "freeze",
  victims: [victim],
  expects: { leader: "next", withinMs: 5000, silentMs, notifications: 1, announcements: 0 },
});
const fault = (at: number, failover: number, victim: number): Event => ({
  ...{ at, candidate: victim, type: "fault", failover, victim },
});
const thawed = (at: number, candidate: number): Event => ({ at, candidate, type: "thawed", lease: "none" });

test("a strike begins when its fault is recorded, and ends when its victim goes on", () => {
  const events = [fault(10, 1, 0), fault(20, 2, 1), thawed(30, 1), thawed(40, 0), thawed(50, 0)];
  const strikes = strikesIn(events, [planned(1, 0), planned(2, 1)]);
  expect(strikes).toEqual([
    { ...planned(1, 0), startedAt: 10, endedAt: 40 },
    { ...planned(2, 1), startedAt: 20, endedAt: 30 },
  ]);
});

test("what never struck is no strike, and warm-ups of one victim are told apart by their order", () => {
  const silent = planned(0, 0, 600);
  const strikes = strikesIn([fault(10, 0, 0), fault(20, 0, 0)], [planned(0, 0), silent, planned(1, 1)]);
  expect(strikes).toEqual([
    { ...planned(0, 0), startedAt: 10, endedAt: null },
    { ...silent, startedAt: 20, endedAt: null },
  ]);
});

test("a strike on several reaches them one after the other, and is one strike", () => {
  const several: PlannedStrike = { ...planned(0, 0), victims: [0, 2] };
  const settled: Event = { at: 30, candidate: -1, type: "settled", failover: 0 };
  const events = [fault(10, 0, 2), fault(20, 0, 0), settled, fault(40, 0, 0), fault(50, 0, 2), thawed(60, 2)];
  expect(strikesIn(events, [several, several])).toEqual([
    { ...several, startedAt: 10, endedAt: null },
    { ...several, startedAt: 40, endedAt: 60 },
  ]);
});

test("strikes have an expectation in common only where the same is to come of all", () => {
  const common = (...plans: PlannedStrike[]) =>
    commonExpectation(plans.map((plan) => ({ ...plan, startedAt: 0, endedAt: null })));
  expect(common()).toBeNull();
  expect(common(planned(1, 0, 600), planned(2, 1, 600))).toEqual(planned(1, 0, 600).expects);
  expect(common(planned(1, 0, 600), planned(2, 1))).toBeNull();
});

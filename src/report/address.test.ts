import { expect, test } from "vitest";
import { failoverIn, fragmentOf, momentIn, type Place, placesIn } from "./address.ts";

test("what an address names is what was written into it, in its order", () => {
  const timeline: Place = { of: "timeline", place: { run: 1, trial: 12, failover: 5, at: 2_100_000_123 } };
  const chain: Place = { of: "chain", place: { group: 0, step: "leads" } };
  const alone: Place = { ...timeline, place: { ...timeline.place, at: null, beside: null } };
  const beside: Place = { ...timeline, place: { ...timeline.place, beside: { run: 0, trial: 3 } } };
  for (const places of [[], [timeline], [chain], [alone], [beside], [chain, timeline], [timeline, chain]]) {
    expect(placesIn(fragmentOf(places))).toEqual(places);
  }
  expect(fragmentOf([chain, timeline])).toBe("#chain=1.leads&timeline=2.12.5&at=2100000123");
  expect(fragmentOf([alone])).toBe("#timeline=2.12.5&with=none");
  expect(failoverIn({ run: 0, trial: 2 }, 0)).toBe("#timeline=1.2.0");
  expect(placesIn(momentIn({ run: 0, trial: 2 }, 7))).toEqual([
    { of: "timeline", place: { run: 0, trial: 2, failover: null, at: 7 } },
  ]);
});

test.each([
  "",
  "#",
  "#timeline",
  "#timeline=",
  "#timeline=1",
  "#timeline=0.1.1",
  "#timeline=1.2.3.4",
  "#timeline=1.-2.3",
  "#timeline=1.2e3.3",
  "#timeline=1. 2.3",
  "#chain=0.leads",
  "#chain=1.toString",
  "#chain=leads",
  "#at=5",
  "#%",
])("an address that names nothing, as %s, is ignored", (fragment) => {
  expect(placesIn(fragment)).toEqual([]);
});

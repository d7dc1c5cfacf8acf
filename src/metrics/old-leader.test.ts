import { expect, test } from "vitest";
import type { CounterMode } from "../history/header.ts";
import { Story } from "../testing/story.ts";
import { failovers } from "./failover.ts";

/** Candidate 0 stands still from 10 to 900 ms; candidate 1 claims at 500 ms; all have settled at 510 ms. */
const frozen = (counter: CounterMode = "guarded") =>
  new Story({ counter })
    .joins(0, 0)
    .joins(0, 1)
    .claims(1, 0)
    .fault(10, 1, 0, 0)
    .wakes(499, 1)
    .claims(500, 1)
    .settles(510, 1);

const thaws = (story: Story, leaseMs = 300) =>
  story.leases(900, 0, leaseMs).thaws(900, 0, "lapsed").leases(909, 0, leaseMs).ends(910, 0, "lapsed");

const figures = (story: Story) =>
  failovers(story.told()).map(({ overlapMs, unsafeMs, staleWrites }) => ({
    overlapMs,
    unsafeMs,
    staleWrites,
  }));

test("a lease that ran out before the claim leaves an old leader nothing but its belief", () => {
  expect(figures(thaws(frozen("none")))).toEqual([{ overlapMs: 410, unsafeMs: 0, staleWrites: null }]);
});

test("a lease that runs out after the claim bounds what it can do", () => {
  expect(figures(thaws(frozen("none"), 650))).toMatchObject([{ overlapMs: 410, unsafeMs: 150 }]);
});

test("a lease that is reckoned from less after the thaw was no shorter for that", () => {
  const story = frozen("none").leases(900, 0, 650).thaws(900, 0, "lapsed").leases(909, 0, 300);
  expect(figures(story.ends(910, 0, "lapsed"))).toMatchObject([{ overlapMs: 410, unsafeMs: 150 }]);
});

test("so does the resource, from the successor's first write on", () => {
  const story = thaws(frozen().writes(504, 1, 7).writes(520, 1, 8), 650);
  expect(figures(story)).toMatchObject([{ overlapMs: 410, unsafeMs: 4 }]);
});

test("so does what it was told, where that comes first", () => {
  const story = frozen().thaws(520, 0, "none").ends(530, 0, "expired").writes(550, 1, 7);
  expect(figures(story)).toMatchObject([{ overlapMs: 30, unsafeMs: 30 }]);
});

test("without a fence neither the lease nor the resource holds it back", () => {
  const story = thaws(frozen("unguarded").writes(504, 1, 7));
  expect(figures(story)).toMatchObject([{ overlapMs: 410, unsafeMs: 410 }]);
});

test("where nobody knows when it stopped believing, the others still bound it; where they do not, nothing does", () => {
  expect(figures(frozen().writes(504, 1, 7))).toMatchObject([{ overlapMs: null, unsafeMs: 4 }]);
  expect(figures(frozen())).toMatchObject([{ overlapMs: null, unsafeMs: null }]);
});

test("where nobody new leads, there is neither", () => {
  const story = new Story({ counter: "guarded" }).joins(0, 0).claims(1, 0).fault(10, 1, 0).settles(20, 1);
  expect(figures(story.ends(30, 0, "expired"))).toEqual([
    { overlapMs: null, unsafeMs: null, staleWrites: { attempted: 0, accepted: 0 } },
  ]);
});

test("stale writes count for the failover that they follow, up to the next fault", () => {
  const story = thaws(frozen().writes(504, 1, 7).isRefused(901, 0).writes(902, 0, 9).writes(903, 1, 10));
  story.joins(950, 0, 2).fault(1000, 2, 1, 1).claims(1500, 0).settles(1510, 2).writes(1501, 0, 11);
  story.isRefused(1900, 1).isRefused(1910, 1).ends(1920, 1, "expired");
  expect(figures(story).map(({ staleWrites }) => staleWrites)).toEqual([
    { attempted: 2, accepted: 1 },
    { attempted: 2, accepted: 0 },
  ]);
});

test("what follows a warm-up counts for no failover", () => {
  const story = new Story({ counter: "guarded" }).joins(0, 0).joins(0, 1).claims(1, 0).fault(10, 0, 0);
  story.claims(500, 1).settles(510, 0).isRefused(900, 0).ends(901, 0, "expired").joins(950, 0, 2);
  story.fault(1000, 1, 1).claims(1500, 0).settles(1510, 1).ends(1520, 1, "expired");
  expect(figures(story).map(({ staleWrites }) => staleWrites)).toEqual([{ attempted: 0, accepted: 0 }]);
});

test("an old leader that led once more with its contender before it was succeeded is seen to the end", () => {
  const story = frozen("none")
    .ends(100, 0, "lapsed")
    .claims(110, 0)
    .leases(599, 0, 520)
    .ends(600, 0, "suspended");
  expect(figures(story)).toMatchObject([{ overlapMs: 100, unsafeMs: 20 }]);
});

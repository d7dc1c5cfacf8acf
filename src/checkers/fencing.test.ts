import { expect, test } from "vitest";
import type { CounterMode } from "../history/header.ts";
import { Story } from "../testing/story.ts";
import { judge } from "./checkers.ts";

/** Candidate 0 stands still from 10 to 900 ms; candidate 1 claims at 500 ms. */
const frozen = (counter: CounterMode = "guarded") =>
  new Story({ counter, fault: "freeze" })
    .joins(0, 0)
    .joins(0, 1)
    .claims(1, 0)
    .fault(10, 1, 0, 0)
    .wakes(499, 1)
    .claims(500, 1)
    .settles(510, 1);

const verdict = (story: Story) => judge(story.told()).fencing;

const messages = (story: Story) => {
  const found = verdict(story);
  return found.valid === false ? found.evidence.map(({ message }) => message) : found;
};

test("accepts an old leader whose lease has lapsed and whose write is refused", () => {
  const story = frozen().writes(2, 0, 1).writes(501, 1, 2).leases(900, 0, 400).thaws(900, 0, "lapsed");
  expect(messages(story.isRefused(901, 0).ends(902, 0, "lapsed"))).toEqual({ valid: true });
});

test("accepts what was accepted before the successor's first write", () => {
  const story = frozen().writes(2, 0, 1).writes(501, 1, 3).thaws(900, 0, "lapsed").writes(901, 0, 2);
  expect(messages(story)).toEqual({ valid: true });
});

test("accepts a lease that holds as long as nobody else has claimed", () => {
  const story = frozen().writes(2, 0, 1).thaws(400, 0, "valid").thaws(1000, 1, "valid");
  expect(messages(story)).toEqual({ valid: true });
});

test("accepts a candidate that wakes when it leads again, behind all who led before", () => {
  const story = frozen("none").ends(600, 0, "expired").joins(700, 0, 2).claims(800, 0);
  expect(messages(story.thaws(900, 0, "valid"))).toEqual({ valid: true });
});

test("rejects a write over a successor's", () => {
  const story = frozen().writes(2, 0, 1).writes(501, 1, 2).writes(901, 0, 3).writes(950, 1, 4);
  expect(verdict(story)).toEqual({
    valid: false,
    evidence: [
      {
        at: 901e6,
        message:
          "candidate 0 (token 100) made version 3 of the counter after candidate 1 (token 101) had made version 2",
        candidates: [0, 1],
      },
    ],
  });
});

test("rejects it by the counter's own order, whenever the answers came", () => {
  expect(messages(frozen().writes(501, 0, 3).writes(502, 1, 2))).toHaveLength(1);
});

test("rejects a lease that says yes to a leader that has a successor", () => {
  const story = frozen("none").leases(900, 0, 1200).thaws(900, 0, "valid").ends(950, 0, "expired");
  expect(messages(story)).toEqual(["candidate 0 woke with a valid lease after candidate 1 had claimed"]);
});

test("harm that was asked for is harm, and said to be so", () => {
  const story = frozen("unguarded").writes(2, 0, 1).writes(501, 1, 2).writes(901, 0, 3);
  expect(messages(story)).toEqual([expect.stringMatching(/^candidate 0 .* version 2: the fence was off$/)]);
});

test("without a fence, no harm proves nothing", () => {
  const story = frozen("unguarded").writes(2, 0, 1).writes(501, 1, 2);
  expect(verdict(story)).toEqual({
    valid: "unknown",
    reason: "the fence was off, but no old leader happened to do harm",
  });
});

test("a counter to which nobody wrote proves nothing", () => {
  expect(verdict(frozen())).toMatchObject({
    valid: "unknown",
    reason: expect.stringContaining("no such write"),
  });
});

test("where there is no counter, and in a history of an earlier version, nothing speaks against it", () => {
  expect(verdict(frozen("none"))).toEqual({ valid: true });
  expect(verdict(frozen("none").thaws(900, 0, "none").ends(901, 0, "expired"))).toEqual({ valid: true });
});

test("a token with which nobody claimed, and a version that came twice, are no history", () => {
  const forged = frozen().event(600, 1, "wrote", { czxid: 999, version: 1 });
  expect(verdict(forged)).toMatchObject({
    valid: "unknown",
    reason: expect.stringContaining("the token 999"),
  });
  const refused = frozen().event(600, 1, "refused", { czxid: 100 });
  expect(verdict(refused)).toMatchObject({
    valid: "unknown",
    reason: expect.stringContaining("the token 100"),
  });
  const twice = frozen().writes(2, 0, 1).writes(501, 1, 1);
  expect(verdict(twice)).toMatchObject({ valid: "unknown", reason: expect.stringContaining("two writes") });
});

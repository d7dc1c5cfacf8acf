import { expect, test } from "vitest";
import { check } from "../testing/check.ts";
import { Story } from "../testing/story.ts";
import { expectation } from "./expectation.ts";

/** Candidate 0 leads, 1 and 2 wait; a strike on 0 is to unseat nobody. */
const three = (changes = {}) => {
  const story = new Story({ leader: "same", contendersStay: true, ...changes });
  for (const candidate of [0, 1, 2]) story.joins(candidate, candidate);
  return story.claims(4, 0);
};

const verdict = (story: Story) => check(expectation, story.told());

test("accepts a leader that was cut off, and leads again with the same contender", () => {
  const story = three().fault(10, 1, 0).suspends(11, 0).ends(11, 0, "suspended").claims(13, 0);
  expect(verdict(story.settles(14, 1))).toEqual({ valid: true });
});

test("rejects that nobody leads when all have settled", () => {
  const story = three().fault(10, 1, 0).suspends(11, 0).ends(11, 0, "suspended").settles(14, 1);
  expect(verdict(story)).toMatchObject({
    evidence: [
      { message: "failover 1: candidate 0 led when it struck, and nobody leads when all had settled" },
    ],
  });
});

test("rejects another leader, even if the old one believes that it leads", () => {
  const story = three().fault(10, 1, 0).claims(13, 1).settles(14, 1);
  expect(verdict(story)).toMatchObject({
    evidence: [
      {
        candidates: [0, 1],
        message: "failover 1: candidate 0 led when it struck, and candidate 1 leads when all had settled",
      },
    ],
  });
});

test("rejects the end of a contender that was to stay", () => {
  const story = three().fault(10, 1, 0).ends(11, 0, "expired").expires(12, 0).claims(13, 1).settles(14, 1);
  expect(verdict(story)).toMatchObject({
    evidence: [
      { candidates: [0], message: "failover 1: candidates that were to stay lost their contenders: 0" },
    ],
  });
});

test("a follower's death leaves the leader, unless its own session ends meanwhile", () => {
  const death = () => three({ contendersStay: false }).fault(10, 1, 1);
  expect(verdict(death().settles(14, 1))).toEqual({ valid: true });
  expect(verdict(death().claims(13, 2).settles(14, 1))).toMatchObject({ valid: false });
  const died = death().ends(11, 0, "expired").expires(12, 0).claims(13, 2).settles(14, 1);
  expect(verdict(died)).toEqual({ valid: true });
});

test("where the leader is to be unseated, the oldest that is left leads next, unless it ends as well", () => {
  const struck = (...victims: [number, ...number[]]) =>
    three({ leader: "next", contendersStay: false }).fault(10, 1, victims);
  expect(verdict(struck(0).claims(13, 1).settles(14, 1))).toEqual({ valid: true });
  expect(verdict(struck(0, 1).claims(13, 2).settles(14, 1))).toEqual({ valid: true });
  expect(verdict(struck(0).claims(13, 2).settles(14, 1))).toMatchObject({
    evidence: [
      {
        candidates: [1, 2],
        message: "failover 1: candidate 2 leads next, and candidate 1 is the oldest that was left",
      },
    ],
  });
  expect(verdict(struck(0).expires(12, 1).claims(13, 2).settles(14, 1))).toEqual({ valid: true });
});

test("where anybody may lead, somebody has to when all have settled", () => {
  const all = () =>
    three({ leader: "any", contendersStay: false }).fault(10, 1, [0, 1, 2]).ends(11, 0, "expired");
  const back = all().joins(12, 2, 3).claims(13, 2).settles(14, 1);
  expect(verdict(back)).toEqual({ valid: true });
  expect(verdict(all().joins(12, 2, 3).settles(14, 1))).toMatchObject({
    evidence: [{ message: "failover 1: nobody leads when all had settled" }],
  });
});

test("says nothing about a failover without an end", () => {
  expect(verdict(three().fault(10, 1, 0).claims(13, 1))).toEqual({ valid: true });
});

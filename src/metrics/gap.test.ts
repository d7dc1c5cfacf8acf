import { expect, test } from "vitest";
import { Story } from "../testing/story.ts";
import { failovers } from "./failover.ts";

const three = (changes = {}) => {
  const story = new Story(changes);
  for (const candidate of [0, 1, 2]) story.joins(candidate, candidate);
  return story.claims(4, 0);
};

const gaps = (story: Story) => failovers(story.told()).map(({ gapMs }) => gapMs);
const held = (story: Story) => failovers(story.told()).map(({ heldMs }) => heldMs);

test("lasts from the end of a term to the next claim", () => {
  const story = three().fault(10, 1, 0).ends(11, 0, "resigned").claims(14, 1).settles(20, 1);
  expect(gaps(story)).toEqual([3]);
});

test("begins when the lease runs out, even if that is told only after the window", () => {
  const story = three().fault(10, 1, 0).claims(30, 1).settles(31, 1);
  expect(gaps(story.leases(50, 0, 12).ends(50, 0, "expired"))).toEqual([18]);
});

test("adds up if the same leader stops and goes on several times", () => {
  const story = three({ leader: "same", contendersStay: true }).fault(10, 1, 0);
  story.ends(11, 0, "suspended").claims(13, 0).ends(16, 0, "lapsed").claims(20, 0).settles(22, 1);
  expect(gaps(story)).toEqual([6]);
});

test("is nothing where the leader leads on, and lasts to the end where nobody does", () => {
  expect(gaps(three({ leader: "same" }).fault(10, 1, 1).settles(20, 1))).toEqual([0]);
  expect(gaps(three().fault(10, 1, 0).ends(12, 0, "closed").settles(20, 1))).toEqual([8]);
});

test("is not known where the window has no end", () => {
  expect(gaps(three().fault(10, 1, 0).ends(11, 0, "closed"))).toEqual([null]);
});

test("the leader of the moment holds on until its term ends, or its lease runs out before", () => {
  const resigned = three().fault(10, 1, 0).ends(11, 0, "resigned").claims(14, 1).settles(20, 1);
  expect(held(resigned)).toEqual([1]);
  const expired = three().fault(10, 1, 0).claims(30, 1).settles(31, 1);
  expect(held(expired.leases(50, 0, 12).ends(50, 0, "expired"))).toEqual([2]);
  expect(held(three({ leader: "same" }).fault(10, 1, 1).settles(20, 1))).toEqual([null]);
});

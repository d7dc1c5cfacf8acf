import { expect, test } from "vitest";
import { check } from "../testing/check.ts";
import { Story } from "../testing/story.ts";
import { liveness } from "./liveness.ts";

const two = (changes = {}) => new Story(changes).joins(0, 0).claims(1, 0).joins(2, 1).waits(3, 1);
const struck = (changes = {}) => two(changes).fault(10, 1, 0);

const messages = (story: Story) => {
  const verdict = check(liveness, story.told());
  return verdict.valid === false ? verdict.evidence.map(({ message }) => message) : verdict;
};

test("accepts a new leader within the bound, up to its very end", () => {
  expect(messages(struck().claims(500, 1).settles(501, 1))).toEqual({ valid: true });
  expect(messages(struck().claims(2010, 1).settles(2011, 1))).toEqual({ valid: true });
});

test("accepts a claim before an interruption, and the failovers that an interruption left over", () => {
  expect(messages(struck().claims(500, 1))).toEqual({ valid: true });
  const story = struck({ failovers: 20 }).claims(500, 1).settles(501, 1).closes(600, 1);
  expect(messages(story)).toEqual({ valid: true });
});

test("accepts that nobody leads anew after a follower's death", () => {
  const story = two({ leader: "same" }).fault(10, 1, 1).settles(20, 1);
  expect(messages(story)).toEqual({ valid: true });
});

test("rejects a new leader that comes too late", () => {
  expect(messages(struck().claims(2011, 1).settles(2012, 1))).toEqual([
    "failover 1: candidate 1 led only after 2001 ms, the bound is 2000 ms",
  ]);
});

test("rejects a failover that was given up, even with a claim, and even after a follower's death", () => {
  expect(messages(struck().aborts(2010, 1))).toEqual(["failover 1: given up after 2000 ms"]);
  expect(messages(struck().claims(20, 1).aborts(2010, 1))).toHaveLength(1);
  expect(messages(two({ leader: "same" }).fault(10, 1, 1).aborts(2010, 1))).toHaveLength(1);
});

test("rejects a trial that was given up before its first fault", () => {
  expect(messages(two().aborts(5000, 0))).toEqual(["given up outside of a failover"]);
});

test("rejects that all settle and nobody leads, or only the victim again", () => {
  expect(messages(struck().settles(20, 1))).toEqual(["failover 1: all settled, but nobody leads"]);
  expect(messages(struck().claims(15, 0).settles(20, 1))).toHaveLength(1);
});

test("rejects a silence longer than the bound", () => {
  expect(messages(struck().looks(3000, 1))).toEqual(["failover 1: nobody led within 2000 ms"]);
});

test("rejects each failover on its own", () => {
  const story = struck({ failovers: 2 }).claims(20, 1).settles(21, 1).joins(22, 0, 2);
  expect(messages(story.fault(30, 2, 1).settles(40, 2))).toEqual([
    "failover 2: all settled, but nobody leads",
  ]);
});

test("cannot tell when the history ends early", () => {
  const first = { valid: "unknown", reason: "the history ends before the first failover" };
  const inside = { valid: "unknown", reason: "the history ends in failover 1" };
  expect(messages(two())).toEqual(first);
  expect(messages(struck().looks(100, 1))).toEqual(inside);
  expect(messages(two({ leader: "same" }).fault(10, 1, 1))).toEqual(inside);
});

test("cannot tell where the fault did not strike, or the servers did not answer", () => {
  const unstruck = {
    valid: "unknown",
    reason: "failover 1: the fault did not strike: the victim's contender still stood",
  };
  expect(messages(struck().voids(2009, 1, "not-struck").aborts(2010, 1))).toEqual(unstruck);
  const follower = two({ leader: "same" }).fault(10, 1, 1).settles(20, 1);
  expect(messages(follower.voids(21, 1, "not-struck"))).toEqual(unstruck);
  expect(messages(struck().voids(2009, 1, "no-answer").looks(3000, 1))).toEqual({
    valid: "unknown",
    reason: "failover 1: the servers no longer answered",
  });
});

test("a warm-up that says nothing excuses no other one", () => {
  const story = two({ failovers: 0 })
    .fault(10, 0, 0)
    .settles(20, 0)
    .fault(30, 0, 0)
    .voids(40, 0, "not-struck");
  expect(messages(story)).toEqual(["a warm-up: all settled, but nobody leads"]);
});

import { expect, test } from "vitest";
import { check } from "../testing/check.ts";
import { Story } from "../testing/story.ts";
import { succession } from "./succession.ts";

const three = (changes = {}) =>
  new Story(changes).joins(0, 0).claims(1, 0).joins(2, 1).waits(3, 1).joins(4, 2).waits(5, 2);

const resigned = () => three().fault(10, 1, 0, 0).ends(10, 0, "resigned").removes(10, 0);

const messages = (story: Story) => {
  const verdict = check(succession, story.told());
  return verdict.valid === false ? verdict.evidence.map(({ message }) => message) : verdict;
};

test("accepts that the oldest contender alive leads", () => {
  const story = resigned().wakes(11, 1).looks(12, 1).claims(13, 1).settles(14, 1);
  expect(messages(story)).toEqual({ valid: true });
});

test("accepts a leader that returns at the tail, and everybody's leaving in the order of age", () => {
  const story = resigned().looks(12, 1).claims(13, 1).settles(14, 1).joins(20, 0, 3).waits(21, 0);
  story.ends(30, 1, "resigned").removes(30, 1).looks(31, 2).claims(32, 2).ends(33, 2, "closed");
  expect(messages(story.closes(33, 2).looks(34, 0).claims(35, 0))).toEqual({ valid: true });
});

test("accepts that somebody is passed over whose session was dying, though it had not heard of it", () => {
  const story = resigned().looks(1012, 2).claims(1013, 2).suspends(1500, 1).expires(1501, 1);
  expect(messages(story)).toEqual({ valid: true });
});

test("accepts that somebody is passed over who later finds an answer to a question from before", () => {
  const story = resigned().event(10.5, 1, "reading", { cause: "notified" }).looks(1012, 2).claims(1013, 2);
  story.event(1500, 1, "read", { contenders: 2 }).suspends(1501, 1).expires(1502, 1);
  expect(messages(story)).toEqual({ valid: true });
});

test("accepts that somebody is passed over who was struck by a fault", () => {
  const story = three().fault(10, 1, 0).looks(1012, 1).claims(1013, 1).expires(1014, 0);
  expect(messages(story)).toEqual({ valid: true });
});

test("accepts that the death of a follower elects nobody, and that the leader leads again after a suspension", () => {
  const story = three({ leader: "same" }).fault(10, 1, 1).wakes(12, 2).looks(12, 2).waits(13, 2);
  story.suspends(14, 0).ends(14, 0, "suspended").connects(15, 0, 1).claims(16, 0).settles(17, 1);
  expect(messages(story)).toEqual({ valid: true });
});

test("rejects a claim that passes over an older contender alive", () => {
  expect(messages(resigned().wakes(11, 2).looks(12, 2).claims(13, 2))).toEqual([
    "candidate 2 (czxid 102) claimed before candidate 1 (czxid 101), which was alive and older",
  ]);
});

test("rejects a claim on a mere wake-up, beside a leader that goes only later", () => {
  const story = three().wakes(10, 1).claims(11, 1).fault(20, 1, 0).expires(21, 0).ends(21, 0, "expired");
  expect(messages(story)).toEqual([
    "candidate 1 (czxid 101) claimed before candidate 0 (czxid 100), which was alive and older",
  ]);
});

test("rejects that somebody is passed over whose session was cut off for a while, but survived", () => {
  const story = resigned().suspends(11, 1).looks(12, 2).claims(13, 2).connects(20, 1, 2);
  expect(messages(story)).toHaveLength(1);
});

test("rejects that somebody is passed over who proved alive before its session died", () => {
  const story = resigned().looks(12, 2).claims(13, 2).looks(20, 1).suspends(1500, 1).expires(1501, 1);
  expect(messages(story)).toHaveLength(1);
});

test("rejects that somebody is passed over who died, came back, and was alive before its death", () => {
  const story = resigned().looks(12, 2).claims(13, 2).fault(20, 2, 1).expires(21, 1).joins(22, 1, 7);
  expect(messages(story)).toHaveLength(1);
});

test("rejects a claim with a contender that its candidate had removed", () => {
  const story = new Story().joins(0, 0).removes(1, 0).claims(2, 0);
  expect(messages(story)).toEqual(["candidate 0 claimed with the contender 0, which it had given up"]);
});

test("rejects a new leader in the window of a follower's death", () => {
  const story = three({ leader: "same" }).fault(10, 1, 1).ends(11, 0, "deleted").claims(12, 2);
  expect(messages(story.settles(13, 1))).toContain(
    "candidate 2 claimed although the strike on candidate 1 was not to unseat the leader",
  );
});

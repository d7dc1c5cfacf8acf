import { describe, expect, test } from "vitest";
import { check } from "../testing/check.ts";
import { Story } from "../testing/story.ts";
import { watchBound } from "./watch-bound.ts";

const three = (changes = {}) =>
  new Story(changes).joins(0, 0).claims(1, 0).joins(2, 1).waits(3, 1).joins(4, 2).waits(5, 2);

const messages = (story: Story) => {
  const verdict = check(watchBound, story.told());
  return verdict.valid === false ? verdict.evidence.map(({ message }) => message) : verdict;
};

test("accepts one notification a failover", () => {
  const story = three().fault(10, 1, 0).wakes(11, 1).claims(12, 1).settles(13, 1);
  expect(messages(story)).toEqual({ valid: true });
});

test("accepts a herd where the scheme says that there is one", () => {
  const story = three({ notifications: 2 }).fault(10, 1, 0).wakes(11, 1).wakes(12, 2);
  expect(messages(story.claims(13, 1).settles(14, 1))).toEqual({ valid: true });
});

test("accepts notifications outside the windows, and leaves out a window that did not end well", () => {
  const story = three().wakes(9, 2).fault(10, 1, 0).wakes(11, 1).claims(12, 1).settles(13, 1).wakes(14, 2);
  expect(messages(story.fault(20, 2, 1).wakes(21, 2).wakes(22, 0).aborts(30, 2))).toEqual({ valid: true });
});

test("rejects a herd that should not be there", () => {
  const story = three().fault(10, 1, 0).wakes(11, 1).wakes(12, 2).claims(13, 1).settles(14, 1);
  expect(check(watchBound, story.told())).toEqual({
    valid: false,
    evidence: [{ at: 10e6, message: "failover 1: 2 notifications, expected 1", candidates: [1, 2] }],
  });
});

test("accepts what lies within the bounds where the order of several deaths decides, and nothing else", () => {
  const most = { notifications: 3, announcements: 0 };
  const told = (wakes: number, changes = {}) => {
    const story = three({ notifications: 1, most, ...changes }).fault(10, 1, [0, 1]);
    for (let count = 1; count <= wakes; count++) story.wakes(10 + count, 2, count % 2);
    return messages(story.claims(20, 2).settles(21, 1));
  };
  expect([1, 2, 3].map((wakes) => told(wakes))).toEqual(Array(3).fill({ valid: true }));
  expect(told(0)).toEqual(["failover 1: 0 notifications, expected 1 to 3"]);
  expect(told(4)).toEqual(["failover 1: 4 notifications, expected 1 to 3"]);
  expect(told(4, { most: { ...most, notifications: null } })).toEqual({ valid: true });
});

test("rejects a watch that was lost", () => {
  const story = three().fault(10, 1, 0).looks(11, 1).claims(12, 1).settles(13, 1);
  expect(messages(story)).toEqual(["failover 1: 0 notifications, expected 1"]);
});

test("rejects the same candidate woken twice", () => {
  const story = three().fault(10, 1, 0).wakes(11, 1).wakes(12, 1).claims(13, 1).settles(14, 1);
  expect(messages(story)).toEqual(["failover 1: 2 notifications, expected 1"]);
});

test("rejects failovers that are right only on average", () => {
  const story = three().fault(10, 1, 0).settles(13, 1).fault(20, 2, 1).wakes(21, 2).wakes(22, 0);
  expect(messages(story.settles(23, 2))).toEqual([
    "failover 1: 0 notifications, expected 1",
    "failover 2: 2 notifications, expected 1",
  ]);
});

test("cannot tell without a complete failover", () => {
  expect(messages(three())).toMatchObject({ valid: "unknown" });
  expect(messages(three().fault(10, 1, 0).wakes(11, 1).wakes(12, 2))).toMatchObject({ valid: "unknown" });
  expect(messages(three().fault(10, 1, 0).aborts(2010, 1))).toMatchObject({ valid: "unknown" });
});

describe("a scheme in which a new leader announces itself", () => {
  const announcing = () => three({ announcements: 1 }).fault(10, 1, 0).wakes(11, 1);

  test("accepts that the one behind it is told, after its claim", () => {
    expect(messages(announcing().claims(12, 1).announces(13, 1, 2).settles(14, 1))).toEqual({ valid: true });
  });

  test("rejects that nobody is told", () => {
    expect(messages(announcing().claims(12, 1).announces(13, 1).settles(14, 1))).toEqual([
      "failover 1: 0 notifications of an announcement, expected 1",
    ]);
  });

  test("rejects that more are told", () => {
    expect(messages(announcing().claims(12, 1).announces(13, 1, 2, 0).settles(14, 1))).toEqual([
      "failover 1: 2 notifications of an announcement, expected 1",
    ]);
  });

  test("rejects an announcement before the claim", () => {
    expect(messages(announcing().announces(11.5, 1, 2).claims(12, 1).settles(14, 1))).toEqual([
      "failover 1: 1 notifications of an announcement before anybody had claimed",
    ]);
  });

  test("an announcement makes up for no watch that was lost", () => {
    const story = three({ announcements: 1 }).fault(10, 1, 0).claims(12, 1).announces(13, 1, 2);
    expect(messages(story.settles(14, 1))).toEqual(["failover 1: 0 notifications, expected 1"]);
  });
});

test("rejects an announcement where the scheme knows of none", () => {
  const story = three().fault(10, 1, 0).wakes(11, 1).claims(12, 1).announces(13, 1, 2).settles(14, 1);
  expect(messages(story)).toEqual(["failover 1: 1 notifications of an announcement, expected 0"]);
});

test("has nothing to say of a failover whose fault did not strike", () => {
  const story = three().fault(10, 1, 1).settles(14, 1).voids(15, 1, "not-struck");
  expect(messages(story)).toEqual({ valid: "unknown", reason: "the history has no complete failover" });
});

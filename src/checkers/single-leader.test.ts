import { expect, test } from "vitest";
import { check } from "../testing/check.ts";
import { Story } from "../testing/story.ts";
import { singleLeader } from "./single-leader.ts";

const twoCandidates = () => new Story().joins(0, 0).claims(1, 0).joins(2, 1).waits(3, 1);

const frozenLeader = () =>
  twoCandidates().fault(10, 1, 0, 0).wakes(1010, 1).looks(1011, 1).claims(1012, 1).settles(1013, 1);

const messages = (story: Story) => {
  const verdict = check(singleLeader, story.told());
  return verdict.valid === false ? verdict.evidence.map(({ message }) => message) : verdict;
};

test("accepts terms that follow one another", () => {
  const story = twoCandidates().fault(10, 1, 0, 0).ends(11, 0, "resigned").removes(12, 0);
  story.wakes(13, 1).looks(14, 1).claims(15, 1).settles(16, 1).ends(20, 1, "closed").closes(20, 1);
  expect(messages(story)).toEqual({ valid: true });
});

test("accepts a leader that stood still and was fenced: its session had died before the next one claimed", () => {
  const story = frozenLeader().thaws(1500, 0, "none");
  story.suspends(1501, 0).ends(1501, 0, "suspended").expires(1502, 0);
  expect(messages(story)).toEqual({ valid: true });
});

test("accepts a fenced leader that finds an answer to a question from before it stood still", () => {
  const story = twoCandidates().event(9, 0, "reading", { cause: "notified" }).fault(10, 1, 0, 0);
  story.wakes(1010, 1).looks(1011, 1).claims(1012, 1).thaws(1500, 0, "none");
  story.event(1500, 0, "read", { contenders: 2 }).expires(1501, 0).ends(1501, 0, "expired");
  expect(messages(story)).toEqual({ valid: true });
});

test("accepts that a suspended leader whose session survived leads again with the same token", () => {
  const story = twoCandidates().suspends(10, 0).ends(10, 0, "suspended").connects(20, 0, 1);
  expect(messages(story.looks(21, 0, "reconnected").claims(22, 0))).toEqual({ valid: true });
});

test("accepts that a leader whose lease ran out leads again with the same token", () => {
  const story = twoCandidates().leases(10, 0, 9).ends(10, 0, "lapsed").looks(11, 0, "lapsed").claims(12, 0);
  expect(messages(story)).toEqual({ valid: true });
});

test("accepts what a leader says of its lease between the loss and the end of its term", () => {
  const story = frozenLeader().leases(1500, 0, 700).thaws(1500, 0, "lapsed").suspends(1501, 0);
  expect(messages(story.leases(1501, 0, 700).ends(1501, 0, "suspended").expires(1502, 0))).toEqual({
    valid: true,
  });
});

/** Somebody removes the contender of candidate 0, whose session lives on. */
const deletedLeader = () => twoCandidates().fault(10, 1, 0).wakes(11, 1).looks(11, 1).claims(12, 1);

test("accepts a leader whose contender was removed, and that is told of it after the next one has claimed", () => {
  const told = deletedLeader().event(13, 0, "beat", {}).ends(14, 0, "deleted").event(14, 0, "creating", {});
  told.event(15, 0, "created", { sequence: 2, czxid: 102 }).looks(15, 0, "joined").settles(16, 1);
  expect(messages(told)).toEqual({ valid: true });
});

test("rejects one that leads on though it must have been told, or that nobody had struck", () => {
  const found = ["candidate 1 claimed while candidate 0 led with a living session"];
  const deaf = deletedLeader().event(13, 0, "beat", {}).event(14, 0, "beat", {}).ends(15, 0, "deleted");
  expect(messages(deaf.looks(16, 0))).toEqual(found);
  const unstruck = twoCandidates().wakes(11, 1).claims(12, 1).ends(13, 0, "deleted").looks(14, 0);
  expect(messages(unstruck)).toEqual(found);
});

test("rejects a claim beside a leader whose session is connected again", () => {
  const story = frozenLeader().thaws(1500, 0, "none").suspends(1501, 0).ends(1501, 0, "suspended");
  expect(messages(story.connects(1502, 0, 1))).toEqual([
    "candidate 1 claimed while candidate 0 led with a living session",
  ]);
});

test("rejects a claim beside a leader that later resigns in good health", () => {
  const story = twoCandidates().wakes(10, 1).claims(11, 1).ends(20, 0, "resigned").removes(21, 0);
  expect(messages(story)).toEqual(["candidate 1 claimed while candidate 0 led with a living session"]);
});

test("rejects a claim beside a leader that was well until it was struck down later", () => {
  const story = twoCandidates().wakes(10, 1).claims(11, 1);
  story.fault(20, 1, 0).expires(21, 0).ends(21, 0, "expired");
  expect(messages(story)).toEqual(["candidate 1 claimed while candidate 0 led with a living session"]);
});

test("rejects a token that is lower than the one before", () => {
  const story = new Story().joins(0, 0).joins(1, 1).claims(2, 1).ends(3, 1, "resigned").claims(4, 0);
  expect(messages(story)).toEqual(["candidate 0 claimed with czxid 100 after candidate 1 with 101"]);
});

test("rejects that a contender leads twice though its leader had resigned", () => {
  const story = twoCandidates().ends(10, 0, "resigned").claims(11, 0);
  expect(messages(story)).toEqual(["candidate 0 claimed with czxid 100 after candidate 0 with 100"]);
});

test("rejects a leader that leads on after it was told that its session has expired", () => {
  const never = twoCandidates().fault(10, 1, 0).expires(11, 0).wakes(12, 1).looks(12, 1).claims(13, 1);
  const late = twoCandidates().suspends(10, 0).looks(11, 0).ends(12, 0, "suspended");
  expect(messages(never)).toEqual(["candidate 0 kept leading after it was told that its session is expired"]);
  expect(messages(late)).toEqual([
    "candidate 0 kept leading after it was told that its session is suspended",
  ]);
});

test("rejects a claim without a session", () => {
  const story = new Story().joins(0, 0).suspends(1, 0).claims(2, 0);
  expect(messages(story)).toEqual(["candidate 0 claimed after it was told that its session is suspended"]);
});

test("cannot tell when the history ends before the fate of the older leader's session", () => {
  expect(messages(frozenLeader())).toMatchObject({ valid: "unknown" });
  const suspended = frozenLeader().suspends(1501, 0).ends(1501, 0, "suspended");
  expect(messages(suspended)).toMatchObject({ valid: "unknown" });
  const takenDown = frozenLeader().thaws(1500, 0, "none").ends(1501, 0, "closed").closes(1501, 0);
  expect(messages(takenDown)).toMatchObject({ valid: "unknown" });
});

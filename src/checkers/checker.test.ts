import { expect, test } from "vitest";
import { explain } from "../history/explained-windows.ts";
import type { History } from "../history/history.ts";
import { chronicleOf } from "../history/told.ts";
import { Story } from "../testing/story.ts";
import { type Checker, type Judgement, worst } from "./checker.ts";
import { type CheckerName, checkerNames, checkers, judge } from "./checkers.ts";
import { TrialJudgement } from "./trial-judgement.ts";

const clean = { znodes: 0, watches: 0, files: 0, processes: 0 };

const failover = (changes = {}) =>
  new Story(changes)
    .joins(0, 0)
    .claims(1, 0)
    .joins(2, 1)
    .waits(3, 1)
    .fault(10, 1, 0, 0)
    .ends(11, 0, "resigned")
    .removes(12, 0)
    .wakes(13, 1)
    .looks(14, 1)
    .claims(15, 1)
    .settles(16, 1);

/** The checkers that do not judge it, and the reason of the first. */
const unjudged = (history: History): [CheckerName[], string] => {
  const verdicts = judge(history);
  const names = checkerNames.filter((name) => verdicts[name].valid === "unknown");
  const [first] = names.map((name) => verdicts[name]);
  return [names, first?.valid === "unknown" ? first.reason : ""];
};

test("every checker goes by its name in the registry", () => {
  for (const name of checkerNames) expect(checkers[name].name).toBe(name);
});

test("a history without fault is valid throughout", () => {
  const verdicts = judge(failover().told(clean));
  for (const name of checkerNames) expect(verdicts[name], name).toEqual({ valid: true });
});

test.each<[string, Partial<Judgement>]>([
  ["at its begin", {}],
  ["at a strike", { strike: fails }],
  ["at an event", { event: fails }],
  ["at a window", { window: fails }],
  ["at its verdict", { verdict: fails }],
])("a checker that fails %s says unknown and why, and the others judge", (when, failing) => {
  const checker: Checker = {
    name: "failing",
    assumes: [],
    begin: () => (when === "at its begin" ? fails() : { verdict: () => ({ valid: true }), ...failing }),
  };
  const history = failover().told(clean);
  const judgement = new TrialJudgement({ failing: checker, cleanup: checkers.cleanup }, history.header);
  expect(explain(chronicleOf(history), judgement).verdicts(history)).toEqual({
    failing: { valid: "unknown", reason: "the checker failing failed: no such thing" },
    cleanup: { valid: true },
  });
});

function fails(): never {
  throw new Error("no such thing");
}

test("nothing that rests on time is judged when time runs backwards", () => {
  const history = failover().told(clean);
  const [names, reason] = unjudged({ ...history, events: history.events.toReversed() });
  expect(names).toEqual(["singleLeader", "fencing", "succession", "liveness", "watchBound", "expectation"]);
  expect(reason).toContain("time runs backwards");
});

test("terms are not judged when claims and ends do not alternate", () => {
  expect(unjudged(failover().claims(20, 1).told(clean))).toEqual([
    ["singleLeader", "fencing", "expectation"],
    "the history contradicts itself: candidate 1 claimed at 20000000 ns while it already led",
  ]);
  expect(unjudged(failover().ends(20, 0, "closed").told(clean))[0]).toEqual([
    "singleLeader",
    "fencing",
    "expectation",
  ]);
  const other = failover().event(20, 1, "ended", { sequence: 7, reason: "closed" });
  expect(unjudged(other.told(clean))[0]).toEqual(["singleLeader", "fencing", "expectation"]);
});

test("claims are not judged that belong to no contender", () => {
  const all = ["singleLeader", "fencing", "succession", "expectation"];
  const never = failover().event(20, 2, "claimed", { sequence: 2, czxid: 102 });
  expect(unjudged(never.told(clean))).toEqual([all, expect.stringContaining("had not created")]);
  const otherToken = failover().joins(20, 2).event(21, 2, "claimed", { sequence: 2, czxid: 999 });
  expect(unjudged(otherToken.told(clean))[0]).toEqual(all);
  expect(unjudged(failover().joins(20, 2, 1).told(clean))[0]).toEqual(all);
});

test("writes are not judged that are older than their writer's claim", () => {
  const story = failover({ counter: "guarded" }).writes(2, 0, 3).writes(17, 1, 2);
  expect(unjudged(story.told(clean))).toEqual([
    ["fencing"],
    "the history contradicts itself: candidate 1 made the version 2 of the counter, which is older than its claim",
  ]);
});

test("failovers are not judged that are not numbered in order", () => {
  const four = ["succession", "liveness", "watchBound", "expectation"];
  expect(unjudged(failover().fault(20, 3, 1).told(clean))[0]).toEqual(four);
  expect(unjudged(failover().settles(20, 1).told(clean))[0]).toEqual(four);
});

test("failovers are not judged if a fault's expected outcome is unknown, or they were never recorded", () => {
  const four = ["succession", "liveness", "watchBound", "expectation"];
  const history = failover().told(clean);
  expect(unjudged({ ...history, strikes: [] })).toEqual([
    four,
    "the history contradicts itself: nothing says what failover 1 was to lead to",
  ]);
  const [strike] = history.strikes;
  if (strike === undefined) throw new Error("there is a strike");
  const strikes = [strike, { ...strike, failover: 2, startedAt: 20e6 }];
  expect(unjudged({ ...history, strikes })[0]).toEqual(four);
});

test("nothing but the remains is judged under a header that cannot be meant", () => {
  const all = ["singleLeader", "fencing", "succession", "liveness", "watchBound", "expectation"];
  expect(unjudged(failover({ candidates: 1 }).told(clean))[0]).toEqual(all);
  expect(unjudged(failover({ withinMs: 0 }).told(clean))[0]).toEqual(all);
  expect(unjudged(failover({ failovers: Number.NaN }).told(clean))[0]).toEqual(all);
  expect(unjudged(failover({ notifications: -1 }).told(clean))[0]).toEqual(all);
  expect(unjudged(failover({ announcements: -1 }).told(clean))[0]).toEqual(all);
  expect(unjudged(failover().fault(20, 2, 9).told(clean))[0]).toEqual(all);
});

test("the worst verdict wins", () => {
  const yes = { valid: true } as const;
  const no = { valid: false, evidence: [] } as const;
  const unknown = { valid: "unknown", reason: "" } as const;
  expect(worst([yes, yes])).toBe(true);
  expect(worst([yes, unknown])).toBe("unknown");
  expect(worst([unknown, no, yes])).toBe(false);
  expect(worst([])).toBe("unknown");
});

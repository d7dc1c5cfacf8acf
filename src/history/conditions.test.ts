import { describe, expect, test } from "vitest";
import {
  type AxisName,
  axisNames,
  type ConditionLists,
  type Conditions,
  combinations,
  conditionKey,
  conditionsOf,
  conditionText,
  defaultConditions,
  grownAxes,
  sameConditions,
  toldOf,
  trialText,
} from "./conditions.ts";

const one: Conditions = { ...defaultConditions, candidates: 50, fault: "freeze", sessionTimeoutMs: 2000 };
/** The same except for one axis. */
const others = Object.fromEntries(
  axisNames.map((name) => {
    const other = {
      ...{ fault: "resign", delay: "20ms", host: "process", join: "by-number" },
      ...{ candidates: 51, sessionTimeoutMs: 2001, servers: 3, perThread: 10 },
    }[name];
    return [name, { ...one, [name]: other }];
  }),
) as { readonly [Name in AxisName]: Conditions };

describe("trials are under the same conditions", () => {
  test.each(axisNames)("not where %s differs, unless that may", (name) => {
    expect(sameConditions(one, { ...one })).toBe(true);
    expect(sameConditions(one, others[name])).toBe(false);
    expect(sameConditions(one, others[name], name)).toBe(true);
    expect(conditionKey(one)).not.toBe(conditionKey(others[name]));
    expect(conditionKey(one, name)).toBe(conditionKey(others[name], name));
  });
});

test("a sentence tells all, or what these trials are told apart by", () => {
  expect(conditionText(one)).toBe("50 candidates, freeze, timeout 2000 ms");
  expect(conditionText(one, toldOf([one, others.candidates]))).toBe("50 candidates, freeze");
  expect(conditionText(one, toldOf([one, others.sessionTimeoutMs]))).toBe(
    "50 candidates, freeze, timeout 2000 ms",
  );
});

test("a delay, or several servers, is told even where all trials have the same", () => {
  expect(conditionText(others.delay)).toBe("50 candidates, freeze, timeout 2000 ms, delay 20ms");
  expect(conditionText(one, toldOf([others.delay]))).toBe("50 candidates, freeze");
  expect(conditionText(others.delay, toldOf([others.delay]))).toBe("50 candidates, freeze, delay 20ms");
  expect(toldOf([one])).not.toContain("delay");
  const three = { ...one, servers: 3 };
  expect(conditionText(three)).toBe("50 candidates, freeze, timeout 2000 ms, 3 servers");
  expect(trialText({ ...three, scheme: "heir" })).toBe("heir, 50 candidates, freeze, 3 servers");
  expect(trialText({ ...one, scheme: "heir" })).toBe("heir, 50 candidates, freeze");
  expect(conditionText(one, toldOf([one, three]))).toBe("50 candidates, freeze, 1 server");
});

test("those in a thread grow with the candidates if they follow from them", () => {
  const shared = (candidates: number, perThread: number) => ({ candidates, perThread });
  expect(grownAxes([shared(10, 1), shared(100, 10), shared(100, 10)])).toEqual(["candidates", "perThread"]);
  expect(grownAxes([shared(10, 1), shared(100, 1), shared(100, 10)])).toEqual(["candidates"]);
});

test("nothing but the conditions of a trial is taken", () => {
  expect(conditionsOf({ ...one, scheme: "heir" } as Conditions)).toEqual(one);
});

test("lists multiply, candidates fastest and the session timeout slowest", () => {
  const single = Object.fromEntries(
    axisNames.map((name) => [name, [one[name]]]),
  ) as unknown as ConditionLists;
  const lists = { ...single, candidates: [1, 2], fault: ["a"], sessionTimeoutMs: [10, 20] };
  expect(
    combinations(lists).map((each) => `${each.candidates} ${each.fault} ${each.sessionTimeoutMs}`),
  ).toEqual(["1 a 10", "2 a 10", "1 a 20", "2 a 20"]);
});

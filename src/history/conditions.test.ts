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
  sameConditions,
  spokenOf,
  toldOf,
  trialText,
} from "./conditions.ts";

const one: Conditions = { ...defaultConditions, candidates: 50, fault: "freeze", sessionTimeoutMs: 2000 };
/** The same except for one axis. */
const others = Object.fromEntries(
  axisNames.map((name) => [name, { ...one, [name]: name === "fault" ? "resign" : Number(one[name]) + 1 }]),
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

test("a single server goes without saying, several do not", () => {
  const three = { ...one, servers: 3 };
  expect(trialText({ ...one, scheme: "heir" })).toBe("heir, 50 candidates, freeze");
  expect(trialText({ ...three, scheme: "heir" })).toBe("heir, 50 candidates, freeze, 3 servers");
  expect(conditionText(three)).toBe("50 candidates, freeze, timeout 2000 ms, 3 servers");
  expect(spokenOf([one, one])).toEqual(["candidates", "fault", "sessionTimeoutMs"]);
  expect(spokenOf([one, three])).toContain("servers");
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

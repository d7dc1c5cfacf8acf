import { describe, expect, test } from "vitest";
import type { Contender } from "./contenders.ts";
import { schemeNames, schemes } from "./schemes.ts";

const contenders: Contender[] = [3, 5, 8, 13].map((sequence) => ({ name: `c${sequence}`, sequence }));
const [first, , third] = contenders;

describe.each(schemeNames)("%s", (name) => {
  test("has the name under which it is registered", () => {
    expect(schemes[name].name).toBe(name);
  });

  test("lets the oldest contender lead, and no other", () => {
    const leads = contenders.map(
      (_, position) => schemes[name].decide({ contenders, position, cause: "joined" }).type === "lead",
    );
    expect(leads).toEqual([true, false, false, false]);
  });
});

test("predecessor watches the contender just before", () => {
  const decision = schemes.predecessor.decide({ contenders, position: 3, cause: "notified" });
  expect(decision).toEqual({ type: "watch", contender: third });
});

test("leader watches the oldest contender", () => {
  const decision = schemes.leader.decide({ contenders, position: 3, cause: "notified" });
  expect(decision).toEqual({ type: "watch", contender: first });
});

test("children watches the child list, by the look itself", () => {
  const decision = schemes.children.decide({ contenders, position: 3, cause: "notified" });
  expect(decision).toEqual({ type: "watch-children" });
  expect(schemes.children.watchesChildren).toBe(true);
});

/**
 * Sources: ZooKeeper Recipes and Solutions, "Leader Election"; and the counts that the server itself reported.
 */
test.each([
  { scheme: "predecessor", leader: 1, middle: 1, last: 0 },
  { scheme: "leader", leader: 49, middle: 0, last: 0 },
  { scheme: "children", leader: 49, middle: 48, last: 48 },
] as const)("$scheme: notifications for a death among 50", ({ scheme, leader, middle, last }) => {
  const notifications = (position: number) => schemes[scheme].notifications({ contenders: 50, position });
  expect([notifications(0), notifications(25), notifications(49)]).toEqual([leader, middle, last]);
});

import { describe, expect, test } from "vitest";
import type { Contender } from "./contenders.ts";
import { announcementsOf, type CountRange, type Deaths, notificationsOf, type Scheme } from "./scheme.ts";
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

const several = [3, 4, 5].flatMap((count): Deaths[] => {
  const subsets = Array.from({ length: 2 ** count - 2 }, (_, bits) => bits + 1);
  return subsets.flatMap((bits) => {
    const [first, ...more] = Array.from({ length: count }, (_, at) => at).filter((at) => bits & (1 << at));
    return first === undefined ? [] : { contenders: count, positions: [first, ...more] };
  });
});

test.each(schemeNames)("%s: what several deaths cause lies within bounds that are reached", (name) => {
  const scheme: Scheme = schemes[name];
  for (const deaths of several)
    expect([deaths, notificationsOf(scheme, deaths)]).toEqual([deaths, tried(scheme, deaths)]);
});

test.each(schemeNames)("%s: the bounds for several deaths are the rule for one, if it is one", (name) => {
  const scheme: Scheme = schemes[name];
  for (const position of [0, 1, 2, 3]) {
    const count = scheme.notifications({ contenders: 4, position });
    const bounds = scheme.notificationsOfSeveral?.({ contenders: 4, positions: [position] });
    expect(bounds).toEqual({ least: count, most: count });
  }
});

test("an heir is told of an announcement if it waits for the next leader when that makes it", () => {
  const range = (contenders: number, ...positions: [number, ...number[]]) =>
    Object.values(announcementsOf(schemes.heir, { contenders, positions }));
  expect(range(3, 0)).toEqual([1, 1]);
  expect(range(2, 0)).toEqual([0, 0]);
  expect(range(3, 1)).toEqual([0, 0]);
  expect(range(5, 0, 1)).toEqual([1, 1]);
  expect(range(5, 0, 2)).toEqual([0, 1]);
  expect(range(5, 0, 1, 3, 4)).toEqual([0, 0]);
});

/** The fewest and the most notifications, in every order of the deaths, with a look after each one or not. */
function tried(scheme: Scheme, { contenders: count, positions }: Deaths): CountRange {
  const everybody = Array.from({ length: count }, (_, sequence) => ({ name: `c${sequence}`, sequence }));
  const survivors = everybody.filter(({ sequence }) => !positions.includes(sequence));
  const totals = ordersOf(positions).map((order) => {
    const each = survivors.map((one) =>
      Array.from({ length: 2 ** order.length }, (_, looks) => told(scheme, everybody, one, order, looks)),
    );
    const sum = (of: (...counts: number[]) => number) =>
      each.reduce((total, counts) => total + of(...counts), 0);
    return { least: sum(Math.min), most: sum(Math.max) };
  });
  return {
    least: Math.min(...totals.map(({ least }) => least)),
    most: Math.max(...totals.map(({ most }) => most)),
  };
}

/** How often a survivor is told, if it looks after those deaths whose bit is set. */
function told(
  scheme: Scheme,
  everybody: readonly Contender[],
  one: Contender,
  order: readonly number[],
  looks: number,
): number {
  let [alive, count] = [everybody, 0];
  // Whoever has led for long has no watch left.
  let [watched, wakes] = alive[0] === one ? [undefined, false] : look();
  order.forEach((dead, index) => {
    alive = alive.filter(({ sequence }) => sequence !== dead);
    if (watched === "children" || watched?.sequence === dead) {
      count++;
      watched = undefined;
    }
    if (watched === undefined && wakes && (looks & (1 << index)) !== 0) [watched, wakes] = look();
  });
  return count;

  /** What it watches then, and whether it looks again when that has fired. */
  function look(): [Contender | "children" | undefined, boolean] {
    const decision = scheme.decide({ contenders: alive, position: alive.indexOf(one), cause: "notified" });
    const list = scheme.watchesChildren ? "children" : undefined;
    return [decision.type === "watch" ? decision.contender : list, decision.type !== "lead"];
  }
}

function ordersOf(all: readonly number[]): number[][] {
  if (all.length === 0) return [[]];
  return all.flatMap((first) => ordersOf(all.filter((one) => one !== first)).map((rest) => [first, ...rest]));
}

import { describe, expect, test } from "vitest";
import { byAge, contenderOf, contendersOf, isOldest, namesake, prefixOf } from "./contenders.ts";

const guid = (digit: string) => digit.repeat(32);
const named = (digit: string, number: string) => `${prefixOf(guid(digit))}${number}`;

describe("contenderOf", () => {
  test("reads the number that the server added", () => {
    expect(contenderOf(named("a", "0000000042"))?.sequence).toBe(42);
    expect(contenderOf(named("a", "2146483647"))?.sequence).toBe(2146483647);
  });

  test.each(["2146483648", "2147483647", "-2147483648", "-000000005"])(
    "takes one near the end of the counter, or behind it, for none: %s",
    (number) => {
      expect(contenderOf(named("a", number))).toBeUndefined();
    },
  );

  test.each([
    "lock-0000000001",
    "_c_6f1e-latch-0000000001",
    named("a", "42"),
    named("a", "00000000042"),
    named("a", "00000000x2"),
    `${guid("a")}-x-0000000042`,
    `before-${named("a", "0000000042")}`,
    "",
  ])("takes %j for no contender", (name) => {
    expect(contenderOf(name)).toBeUndefined();
  });
});

describe("contendersOf", () => {
  test("orders by number, whatever the rest of the name, and skips foreign children", () => {
    const children = [
      named("0", "0000000012"),
      named("f", "0000000003"),
      "a-foreign-child-0000000001",
      named("8", "0000000007"),
    ];
    expect(contendersOf(children).map(({ sequence }) => sequence)).toEqual([3, 7, 12]);
  });
});

describe("isOldest", () => {
  const own = { name: named("5", "0000000007"), sequence: 7 };

  test.each([
    { what: "alone", others: [], is: true },
    { what: "before younger ones", others: [named("0", "0000000012"), named("f", "2146483648")], is: true },
    { what: "behind an older one", others: [named("f", "0000000012"), named("f", "0000000003")], is: false },
    { what: "beside a foreign child, which takes a closer look", others: ["config"], is: false },
    { what: "beside a number below zero, which does too", others: [named("0", "-000000005")], is: false },
  ])("$what: $is", ({ others, is }) => {
    expect(isOldest([...others, own.name], own)).toBe(is);
    expect(isOldest([own.name, ...others], own)).toBe(is);
  });

  test("one that is not there is not the oldest", () => {
    expect(isOldest([named("5", "0000000008")], own)).toBe(false);
  });
});

test("a namesake has the same name but for the number, and nobody is before the first", () => {
  const contender = { name: named("a", "0000000012"), sequence: 12 };
  expect(namesake(contender, 1)).toEqual({ name: named("a", "0000000011"), sequence: 11 });
  expect(namesake(contender, 12)).toEqual({ name: named("a", "0000000000"), sequence: 0 });
  expect(namesake(contender, 13)).toBeUndefined();
});

test("byAge is negative when the first one is older", () => {
  const [older, younger] = [
    { name: "", sequence: 4 },
    { name: "", sequence: 9 },
  ];
  expect(byAge(older, younger)).toBeLessThan(0);
  expect(byAge(younger, older)).toBeGreaterThan(0);
  expect(byAge(older, older)).toBe(0);
});

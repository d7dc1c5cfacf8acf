import { expect, test } from "vitest";
import { count, milliseconds, ratio } from "./figure-text.ts";

test.each([
  [0.004, "0.00"],
  [9.994, "9.99"],
  [9.996, "10.0"],
  [99.94, "99.9"],
  [99.96, "100"],
  [2172.25, "2172"],
])("%d ms is %s", (ms, text) => expect(milliseconds(ms)).toBe(text));

test("a count is whole where it is whole, or large", () => {
  expect([count(49), count(48.96), count(0), count(198.6)]).toEqual(["49", "49.0", "0", "199"]);
});

test("a ratio has more digits near 1, and the ends of its interval have as many", () => {
  expect([ratio(1.049), ratio(1.996), ratio(9.99), ratio(120.4)]).toEqual(["1.05", "2.0", "10.0", "120"]);
  expect([ratio(1.9, 2.1), ratio(2.3, 1.9)]).toEqual(["1.9", "2.30"]);
});

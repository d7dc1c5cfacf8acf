import { expect, test } from "vitest";
import { faultNames, faults } from "./faults.ts";
import { happening } from "./happening.ts";

test("a fault's story begins with one clause, with parameters or without", () => {
  expect(happening("resign")).toBe("The leader resigns");
  expect(happening("close")).toBe("The leader closes its session");
  expect(happening("freeze:for=9s")).toBe("The leader stands still until its session expires");
});

test("no story names a fault, and each is its own", () => {
  const stories = faultNames.map(happening);
  expect(stories.filter((story) => !/^[A-Z][^,;.]{10,70}$/.test(story))).toEqual([]);
  expect(new Set(stories).size).toBe(Object.keys(faults).length);
});

test("a user's own fault is called by its name", () => {
  expect(happening("three-at-once")).toBe("The fault three-at-once strikes");
});

test("each fault has one line of 80 characters in a list of faults", () => {
  // Beside its name, which takes 15.
  for (const name of faultNames) expect(faults[name].summary.length, name).toBeLessThanOrEqual(65);
});

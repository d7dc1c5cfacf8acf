import { expect, test } from "vitest";
import { advice, nearest } from "./nearest.ts";

const names = [
  "candidates",
  "scheme",
  "fault",
  "failovers",
  "session-timeout",
  "seed",
  "out",
  "quiet",
  "no-fsync",
];

test.each([
  ["candidate", "candidates"],
  ["canddiates", "candidates"],
  ["shceme", "scheme"],
  ["schema", "scheme"],
  ["timeout", "session-timeout"],
  ["fail-overs", "failovers"],
  ["sed", "seed"],
  ["ot", "out"],
  ["fsync", "no-fsync"],
])("%s is meant for %s", (word, name) => {
  expect(nearest(word, names)).toBe(name);
});

test.each(["nonsense", "x", "", "verbose"])("%s resembles no name", (word) => {
  expect(nearest(word, names)).toBeUndefined();
});

test("the advice", () => {
  expect(advice("--scheme", "yarn lab --help")).toBe("; did you mean --scheme? See yarn lab --help");
  expect(advice(undefined, "yarn lab --help")).toBe("; see yarn lab --help");
});

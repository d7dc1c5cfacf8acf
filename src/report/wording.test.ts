import { expect, test } from "vitest";
import { commandLine } from "./command-line.ts";
import { count, exponent, fineRatio, milliseconds, orNone, words } from "./wording.ts";

test("figures have three significant digits and no more than hundredths", () => {
  expect([0.123, 1.234, 9.996, 12.34, 99.96, 1234.5].map(milliseconds)).toEqual([
    "0.12",
    "1.23",
    "10.0",
    "12.3",
    "100",
    "1\u202f235",
  ]);
  expect([1, 1.5, 1234567].map(count)).toEqual(["1", "1.5", "1\u202f234\u202f567"]);
  expect([1.055, 49.8, 120.4].map(fineRatio)).toEqual(["1.05", "49.8", "120"]);
  expect([-0.001, 1.0203].map(exponent)).toEqual(["0.00", "1.02"]);
  expect(orNone(null, count)).toBe("–");
});

test("names of verdicts read as words", () => {
  expect(words("singleLeader")).toBe("single leader");
});

test("the command can be pasted into a shell", () => {
  const run = {
    command: "lab",
    startedAt: "",
    state: "completed",
    seed: 1,
    plannedTrials: 1,
    plannedFailovers: 1,
    version: "",
    git: null,
  } as const;
  expect(commandLine({ ...run, argv: ["lab", "--candidates", "10,50", "--election", "it's $HOME"] })).toBe(
    "yarn lab --candidates 10,50 --election 'it'\\''s $HOME'",
  );
});

import { expect, test } from "vitest";
import type { Remains } from "../history/history.ts";
import { check } from "../testing/check.ts";
import { Story } from "../testing/story.ts";
import { cleanup } from "./cleanup.ts";

const nothing: Remains = { znodes: 0, watches: 0, files: 0, processes: 0 };
const left = (remains: Remains | null) => check(cleanup, new Story().joins(0, 0).closes(20, 0).told(remains));

test("accepts that nothing is left", () => {
  expect(left(nothing)).toEqual({ valid: true });
});

test("accepts it for a trial in which nothing happened", () => {
  expect(check(cleanup, new Story().told(nothing))).toEqual({ valid: true });
});

test.each(["znodes", "watches", "files", "processes"] as const)("rejects %s left behind", (kind) => {
  const evidence = [{ at: 20.001e6, message: `${kind} left behind: 3`, candidates: [] }];
  expect(left({ ...nothing, [kind]: 3 })).toEqual({ valid: false, evidence });
});

test("rejects leftovers even if something could not be checked", () => {
  expect(left({ znodes: 1, watches: null, files: 2, processes: 0 })).toMatchObject({
    valid: false,
    evidence: [{ message: "znodes left behind: 1" }, { message: "files left behind: 2" }],
  });
});

test("is unknown for what nobody checked", () => {
  expect(left(null)).toMatchObject({ valid: "unknown" });
  expect(left({ ...nothing, znodes: null, files: null })).toEqual({
    valid: "unknown",
    reason: "could not be checked: znodes, files",
  });
});

test("needs no look at the watches of a shared ensemble: they ended with the sessions, as the znodes did", () => {
  expect(left({ ...nothing, watches: null })).toEqual({ valid: true });
});

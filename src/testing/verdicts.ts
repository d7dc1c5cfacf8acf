/** Looks at what the checkers say of trials in which nothing is to be wrong. */
import { expect } from "vitest";
import { judge } from "../checkers/checkers.ts";
import type { Result } from "../export/result.ts";
import type { History } from "../history/history.ts";

function expectValid(verdicts: object, what: string): void {
  expect(verdicts, what).toEqual(
    Object.fromEntries(Object.keys(verdicts).map((name) => [name, { valid: true }])),
  );
}

/** Every verdict on every trial is that it is valid, and there is a trial. */
export function expectAllValid({ trials }: Pick<Result, "trials">): void {
  expect(trials).not.toEqual([]);
  for (const { trial, verdicts } of trials) expectValid(verdicts, `trial ${trial}`);
}

/** The same of a history, except for what its candidates left behind, where nobody has looked yet. */
export function expectJudgedValid(history: History): void {
  const { cleanup: _, ...verdicts } = judge(history);
  expectValid(verdicts, `${history.header.fault}, ${history.header.scheme}`);
}

import { expect, test } from "vitest";
import { checkAttrition } from "./attrition.ts";
import { CandidateFailed } from "./blame.ts";

const refusalOf = (lost: number, candidates: number) => {
  try {
    checkAttrition({ lost, candidates, sessionTimeoutMs: 4000 });
  } catch (error) {
    return error;
  }
  return undefined;
};

test.each([
  { lost: 3, candidates: 5 },
  { lost: 3, candidates: 30 },
  { lost: 100, candidates: 1000 },
])("$lost of $candidates may lose their sessions", ({ lost, candidates }) => {
  expect(refusalOf(lost, candidates)).toBeUndefined();
});

test.each([
  { lost: 4, candidates: 5 },
  { lost: 4, candidates: 30 },
  { lost: 101, candidates: 1000 },
])(
  "$lost of $candidates are too many: how many, and what to do; the lab is not to blame",
  ({ lost, candidates }) => {
    const error = refusalOf(lost, candidates);
    expect(error).toBeInstanceOf(CandidateFailed);
    expect(error).toMatchObject({
      blame: "ensemble",
      message: expect.stringContaining(`${lost} of ${candidates} candidates have lost their sessions`),
    });
    expect((error as Error).message).toContain(
      "give fewer --candidates, or a longer --session-timeout than 4000",
    );
  },
);

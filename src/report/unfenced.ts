/** The one verdict that a run may ask to see FALSE: without a fence, what old leaders write does harm. */
import type { CheckerName } from "../checkers/checkers.ts";
import type { TrialResult } from "../export/result.ts";

const fenced = "fencing" satisfies CheckerName;

export function wasAskedFor(verdict: string, { counter }: Pick<TrialResult, "counter">): boolean {
  return verdict === fenced && counter === "unguarded";
}

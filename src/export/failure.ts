/** Says that a run failed, where and why, which should be known before any figure and any verdict. */
import type { Result } from "./result.ts";

/**
 * "The run failed in trial 1 of 3: the session is expired"; `null` if no trial failed.
 * @param subject the sentence's name for the run
 */
export function failureOf({ run, trials }: Result, subject: string): string | null {
  const [first, ...others] = trials.filter(({ state }) => state === "errored");
  if (first === undefined) return null;
  const all = run.plannedTrials === null ? "" : ` of ${run.plannedTrials}`;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `${subject} failed in trial ${first.trial}${all}${more}: ${first.reason ?? "no reason told"}`;
}

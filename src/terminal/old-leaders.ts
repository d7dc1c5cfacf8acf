/**
 * Describes what leaders did that were left behind their successors: a sentence for each trial while there are
 * few.
 */
import { milliseconds } from "../export/figure-text.ts";
import { listed } from "../export/listed.ts";
import type { TrialResult } from "../export/result.ts";
import { type AxisName, conditionWords, toldOf } from "../history/conditions.ts";
import { wrap } from "./format.ts";

const FEW = 3;

/** Empty if no leader could be left behind; if there are many trials, the table says it. */
export function oldLeaders(trials: readonly TrialResult[], columns: number): string[] {
  const left = trials.filter(({ counter }) => counter !== "none");
  if (left.length > FEW) return [];
  const told = toldOf(trials);
  return left.flatMap((trial) => {
    const text = sentence(trial, told);
    return text === undefined ? [] : wrap(text, columns);
  });
}

function sentence(trial: TrialResult, told: readonly AxisName[]): string | undefined {
  const { counter, summary } = trial;
  const { overlapMs, unsafeMs, staleWrites } = summary;
  if (unsafeMs === null || staleWrites === null) return undefined;
  const believed =
    overlapMs === null
      ? ""
      : `believed beside the new one for ${milliseconds(overlapMs.p50)} ms (overlap) and `;
  const acted = `could act for ${milliseconds(unsafeMs.p50)} ms (unsafe)`;
  const { attempted, accepted } = staleWrites;
  const writes = `${attempted} stale write${attempted === 1 ? "" : "s"} tried, ${accepted} accepted`;
  const open = counter === "unguarded" ? ", as the fence was off" : "";
  return `With ${listed([trial.scheme, ...conditionWords(trial, told)])}, the old leader ${believed}${acted}; ${writes}${open}.`;
}

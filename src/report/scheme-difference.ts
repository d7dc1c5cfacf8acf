/** Two schemes compared, as a part of a sentence. */
import type { TrialResult } from "../export/result.ts";
import { schemeCalled } from "../export/scheme-words.ts";
import { sameConditions } from "../history/conditions.ts";
import type { SchemeComparison } from "../metrics/analysis.ts";
import { count, plural, times } from "./wording.ts";

/** The one that shows the largest difference. */
export function strongest(comparisons: readonly SchemeComparison[]): SchemeComparison | undefined {
  const weight = ({ conclusion, ratio }: SchemeComparison) =>
    conclusion === "no difference shown" ? -1 : Math.abs(Math.log(ratio));
  return comparisons.toSorted((a, b) => weight(b) - weight(a))[0];
}

/** Both schemes are named, and how many each wakes. */
export function difference(told: SchemeComparison, trials: readonly TrialResult[]): string {
  const [scheme, baseline] = [schemeCalled(told.scheme), schemeCalled(told.baseline)];
  const herd = herdOf(told, trials);
  if (told.conclusion === "no difference shown") {
    const missing = `no difference in failover time is shown between ${scheme} and ${baseline}`;
    return herd === null ? missing : `${missing}; ${scheme} ${herd}`;
  }
  const by = told.conclusion === "slower" ? told.ratio : 1 / told.ratio;
  const effect = `${scheme} makes failover ${times(by)} times ${told.conclusion} than ${baseline}`;
  return herd === null ? effect : `${effect} and ${herd}`;
}

function herdOf(told: SchemeComparison, trials: readonly TrialResult[]): string | null {
  const wokenBy = (scheme: string) =>
    trials.find((trial) => trial.scheme === scheme && sameConditions(trial, told))?.summary
      .notificationsPerFailover ?? null;
  const woken = wokenBy(told.scheme);
  const before = wokenBy(told.baseline);
  if (woken === null || before === null) return null;
  return woken === before
    ? `wakes ${plural(woken, "candidate")} as well`
    : `wakes ${plural(woken, "candidate")} instead of ${count(before)}`;
}

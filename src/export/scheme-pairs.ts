/** Schemes compared with the recipe under the same conditions: a sentence for each. */
import { faultNamed } from "../faults/faults.ts";
import { conditionWords, sameConditions, several, toldOf } from "../history/conditions.ts";
import { type Comparison, isCompared, type TooFew, tooFewText } from "../metrics/comparison.ts";
import { count, ratio } from "./figure-text.ts";
import { listed } from "./listed.ts";
import type { Result, TrialResult } from "./result.ts";
import { schemeCalled } from "./scheme-words.ts";

/** A scheme's trial and the trial that it is compared with. */
export interface SchemePair {
  readonly trial: TrialResult;
  readonly base: TrialResult;
  readonly woken: number;
  readonly baseWoken: number;
  readonly failover: Comparison | TooFew | undefined;
  readonly settled: Comparison | TooFew | undefined;
}

/** Each trial of another scheme than the recipe, if the recipe was tried under its conditions. */
export function schemePairs({ trials, analysis }: Result): SchemePair[] {
  return trials.flatMap((trial) => {
    if (trial.scheme === "predecessor") return [];
    const base = trials.find((one) => one.scheme === "predecessor" && sameConditions(one, trial));
    const woken = trial.summary.notificationsPerFailover;
    const baseWoken = base?.summary.notificationsPerFailover ?? null;
    if (base === undefined || woken === null || baseWoken === null) return [];
    const comparison = (measure: "failoverMs" | "settledMs") =>
      [...analysis.comparisons, ...analysis.uncompared].find(
        (one) =>
          one.scheme === trial.scheme &&
          one.baseline === base.scheme &&
          one.measure === measure &&
          sameConditions(one, trial),
      );
    const [failover, settled] = [comparison("failoverMs"), comparison("settledMs")];
    return { trial, base, woken, baseWoken, failover, settled };
  });
}

/** Says how many were woken and how long it took, both beside the recipe. */
export function pairSentence(
  { trial, woken, baseWoken, failover }: SchemePair,
  trials: readonly TrialResult[],
): string {
  const told = toldOf(trials).filter((name) => name === "candidates" || several(trials, name));
  const others =
    woken === baseWoken ? "as the predecessor scheme did" : `the predecessor scheme ${count(baseWoken)}`;
  const herd = `${schemeCalled(trial.scheme)} woke ${candidates(woken)} per ${occasion(trial)}, ${others}`;
  return `With ${listed(conditionWords(trial, told))}, ${herd}${failover === undefined ? "" : `; ${slower(failover)}`}.`;
}

function slower(comparison: Comparison | TooFew): string {
  if (!isCompared(comparison)) return tooFewText(comparison);
  const {
    ratio: times,
    interval: [low, high],
    conclusion,
  } = comparison;
  switch (conclusion) {
    case "no difference shown":
      return "no difference of the failover time is shown";
    case "slower":
      return `failover was ${ratio(times)} times slower (${ratio(low, times)}–${ratio(high, times)})`;
    case "faster":
      return `failover was ${ratio(1 / times)} times faster (${ratio(1 / high, 1 / times)}–${ratio(1 / low, 1 / times)})`;
    default:
      return conclusion satisfies never;
  }
}

function candidates(woken: number): string {
  return woken === 1 ? "1 candidate" : `${count(woken)} candidates`;
}

function occasion({ fault }: TrialResult): string {
  return faultNamed(fault)?.occasion ?? "failover";
}

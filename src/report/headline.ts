/** The answer in one sentence, based on the figures; if they show nothing, it says so. */

import { failureOf } from "../export/failure.ts";
import { listed } from "../export/listed.ts";
import type { Result, TrialResult } from "../export/result.ts";
import { axisNames, type Conditions, conditionText, sameConditions, several } from "../history/conditions.ts";
import { isCompared, tooFewText } from "../metrics/comparison.ts";
import { faultStory } from "./fault-story.ts";
import { largestOf } from "./largest-trial.ts";
import type { ReportRun } from "./report-run.ts";
import { type RunDifference, runDifferences } from "./run-differences.ts";
import { difference, strongest } from "./scheme-difference.ts";
import { inOrder } from "./scheme-style.ts";
import { wasAskedFor } from "./unfenced.ts";
import { count, milliseconds, plural, words } from "./wording.ts";

/** @param differences what the page has found out anyway */
export function headline(runs: readonly ReportRun[], differences = runDifferences(runs)): string {
  const trials = runs.flatMap(({ result }) => result.trials);
  const failed = runs.flatMap(
    ({ name, result }) => failureOf(result, runs.length > 1 ? name : "The run") ?? [],
  );
  const wrong = wrongOnes(trials);
  if (failed.length > 0) {
    const also = wrong === null ? [] : [`${wrong.what} in ${plural(wrong.trials, "trial")}`];
    return [...failed, ...also].join("; ");
  }
  if (wrong !== null) {
    const where = `${wrong.what} in ${wrong.trials} of ${plural(trials.length, "trial")}`;
    const [story] = runs.flatMap(({ result }) => faultStory(result) ?? []);
    if (!wrong.wasAsked) return `Not a correct election: ${where}`;
    return [`The fence was off, as requested, and ${where}`, ...(story === undefined ? [] : [story])].join(
      ". ",
    );
  }
  if (
    !trials.some(({ summary }) => summary.failoverMs !== null || summary.notificationsPerFailover !== null)
  ) {
    return trials.length === 0
      ? "No trial was completed: nothing can be said"
      : "No failover was completed: nothing can be said";
  }
  const [first] = runs;
  if (first === undefined) return "";
  if (runs.length > 1) return betweenRuns(runs, differences);
  return faultStory(first.result) ?? betweenSchemes(first) ?? plainly(first.result);
}

/**
 * Errors outrank speed. A failed run outranks both: the verdicts of a trial that did not end properly may be
 * false for that reason alone.
 */
function wrongOnes(trials: readonly TrialResult[]): Wrong | null {
  const wrong = trials.map((trial) => {
    const names = Object.entries(trial.verdicts).flatMap(([name, { valid }]) =>
      valid === false ? name : [],
    );
    return { names, wasAsked: names.every((name) => wasAskedFor(name, trial)) };
  });
  const names = [...new Set(wrong.flatMap((one) => one.names))];
  if (names.length === 0) return null;
  const what = `${listed(names.map(words))} ${names.length === 1 ? "is" : "are"} false`;
  const found = wrong.filter((one) => one.names.length > 0);
  return { what, trials: found.length, wasAsked: found.every((one) => one.wasAsked) };
}

interface Wrong {
  readonly what: string;
  /** The number of trials. */
  readonly trials: number;
  /** Whether nothing is wrong but what a fence would have prevented, and there was to be none. */
  readonly wasAsked: boolean;
}

function betweenRuns(runs: readonly ReportRun[], differences: readonly RunDifference[]): string {
  const base = runs[0]?.name ?? "";
  if (differences.length === 0) return `No trial of one run was tried in ${base} too: nothing to compare`;
  const sentences = runs.slice(1).map(({ name }, index) => {
    const own = differences.filter(({ run }) => run === index + 1);
    const compared = own.flatMap(({ comparison }) => (isCompared(comparison) ? comparison : []));
    const shown = (wanted: string) => compared.filter(({ conclusion }) => conclusion === wanted).length;
    const [slower, faster] = [shown("slower"), shown("faster")];
    if (own.length === 0) return `${name} has no trial in common with ${base}`;
    if (compared.length === 0) return `${name} and ${base} have too few failovers to compare`;
    if (slower + faster === 0)
      return `no difference between ${name} and ${base} is shown in ${plural(own.length, "trial")}`;
    const parts = [
      ...(slower > 0 ? [`slower in ${slower}`] : []),
      ...(faster > 0 ? [`faster in ${faster}`] : []),
    ];
    return `${name} is ${parts.join(" and ")} of ${plural(own.length, "trial")} that it shares with ${base}`;
  });
  const text = sentences.join("; ");
  return sentences[0]?.startsWith("no ") ? `N${text.slice(1)}` : text;
}

/** The strongest shown difference at the largest number of candidates. */
function betweenSchemes({ result: { analysis, trials } }: ReportRun): string | null {
  const all = analysis.comparisons.filter(({ measure }) => measure === "failoverMs");
  const largest = Math.max(...all.map(({ candidates }) => candidates));
  const told = strongest(all.filter(({ candidates }) => candidates === largest));
  if (told === undefined) return null;
  const among = `With ${plural(told.candidates, "candidate")}`;
  return `${among}, ${difference(told, trials)}${conditionsOf(told, trials)}`;
}

/** Named if the run tried others as well. */
function conditionsOf(told: Conditions, trials: readonly TrialResult[]): string {
  // The number of candidates is named before.
  const differing = axisNames.filter((name) => name !== "candidates" && several(trials, name));
  return differing.length === 0 ? "" : ` (${conditionText(told, differing)})`;
}

function candidates(woken: number): string {
  return plural(woken, "candidate");
}

/** Used without a comparison: each scheme's figure at the largest number of candidates. */
function plainly({ trials, analysis }: Result): string {
  const first = largestOf(trials);
  if (first === undefined) return "";
  const alike = trials.filter((trial) => sameConditions(trial, first));
  const schemes = inOrder(alike.map(({ scheme }) => scheme));
  const tried = schemes.flatMap((scheme) => alike.find((trial) => trial.scheme === scheme) ?? []);
  const isShort = tried.length > 1 && tried.every(({ summary }) => summary.failoverMs !== null);
  const costs = tried.flatMap(isShort ? costUnder : costOf);
  const few = analysis.uncompared.find((one) => sameConditions(one, first));
  const caveat = few === undefined ? "" : `; ${tooFewText(few)}`;
  const lead = isShort ? "failover takes " : "";
  return `With ${plural(first.candidates, "candidate")}, ${lead}${listed(costs)}${conditionsOf(first, trials)}${caveat}`;
}

function costOf({ scheme, summary: { failoverMs, notificationsPerFailover: woken } }: TrialResult): string[] {
  const parts = [
    ...(failoverMs === null
      ? []
      : [`fails over in ${milliseconds(failoverMs.p50)} ms (median of ${failoverMs.n})`]),
    ...(woken === null ? [] : [`wakes ${candidates(woken)}`]),
  ];
  return parts.length === 0 ? [] : [`the scheme ${scheme} ${parts.join(" and ")}`];
}

/** "2.35 ms and wakes 1 under predecessor" */
function costUnder({ scheme, summary }: TrialResult, index: number): string[] {
  const { failoverMs, notificationsPerFailover: woken } = summary;
  if (failoverMs === null) return [];
  const herd = woken === null ? "" : ` and ${index === 0 ? "wakes " : ""}${count(woken)}`;
  return [`${milliseconds(failoverMs.p50)} ms${herd} under ${scheme}`];
}

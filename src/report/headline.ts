/** The answer in one sentence, based on the figures; if they show nothing, it says so. */

import { failureOf } from "../export/failure.ts";
import { listed } from "../export/listed.ts";
import type { Result, TrialResult } from "../export/result.ts";
import { axisNames, type Conditions, conditionText, sameConditions, several } from "../history/conditions.ts";
import type { SchemeComparison } from "../metrics/analysis.ts";
import { isCompared, tooFewText } from "../metrics/comparison.ts";
import type { ReportRun } from "./report-run.ts";
import { type RunDifference, runDifferences } from "./run-differences.ts";
import { inOrder } from "./scheme-style.ts";
import { count, milliseconds, plural, times, words } from "./wording.ts";

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
    return `Not a correct election: ${wrong.what} in ${wrong.trials} of ${plural(trials.length, "trial")}`;
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
  return runs.length > 1 ? betweenRuns(runs, differences) : (betweenSchemes(first) ?? plainly(first.result));
}

/**
 * Errors outrank speed. A failed run outranks both: the verdicts of a trial that did not end properly may be
 * false for that reason alone.
 */
function wrongOnes(trials: readonly TrialResult[]): { what: string; trials: number } | null {
  const wrong = trials.map((trial) =>
    Object.entries(trial.verdicts).flatMap(([name, { valid }]) => (valid === false ? words(name) : [])),
  );
  const names = [...new Set(wrong.flat())];
  if (names.length === 0) return null;
  const what = `${listed(names)} ${names.length === 1 ? "is" : "are"} false`;
  return { what, trials: wrong.filter((found) => found.length > 0).length };
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
  const weight = ({ conclusion, ratio }: SchemeComparison) =>
    conclusion === "no difference shown" ? -1 : Math.abs(Math.log(ratio));
  const [told] = all.filter(({ candidates }) => candidates === largest).sort((a, b) => weight(b) - weight(a));
  if (told === undefined) return null;
  const among = `With ${plural(told.candidates, "candidate")}`;
  const conditions = conditionsOf(told, trials);
  const herd = herdOf(told, trials);
  if (told.conclusion === "no difference shown") {
    const missing = `no difference in failover time is shown between ${watching(told.scheme)} and ${watching(told.baseline)}`;
    return `${among}, ${missing}${herd === null ? "" : `; ${watching(told.scheme)} ${herd}`}${conditions}`;
  }
  const by = told.conclusion === "slower" ? told.ratio : 1 / told.ratio;
  // The recipe is the default for comparison, so it is not named.
  const than = told.baseline === "predecessor" ? "" : ` than ${watching(told.baseline)}`;
  const effect = `makes failover ${times(by)} times ${told.conclusion}${than}`;
  return `${among}, ${watching(told.scheme)} ${effect}${herd === null ? "" : ` and ${herd}`}${conditions}`;
}

/** Named if the run tried others as well. */
function conditionsOf(told: Conditions, trials: readonly TrialResult[]): string {
  // The number of candidates is named before.
  const differing = axisNames.filter((name) => name !== "candidates" && several(trials, name));
  return differing.length === 0 ? "" : ` (${conditionText(told, differing)})`;
}

function herdOf(told: SchemeComparison, trials: readonly TrialResult[]): string | null {
  const wokenBy = (scheme: string) =>
    trials.find((trial) => trial.scheme === scheme && sameConditions(trial, told))?.summary
      .notificationsPerFailover ?? null;
  const woken = wokenBy(told.scheme);
  const before = wokenBy(told.baseline);
  if (woken === null || before === null) return null;
  return woken === before
    ? `wakes ${candidates(woken)} as well`
    : `wakes ${candidates(woken)} instead of ${count(before)}`;
}

function candidates(woken: number): string {
  return plural(woken, "candidate");
}

/** Used without a comparison: each scheme's figure at the largest number of candidates. */
function plainly({ trials, analysis }: Result): string {
  const told = trials.filter(
    ({ summary }) => summary.failoverMs !== null || summary.notificationsPerFailover !== null,
  );
  const largest = Math.max(...told.map(({ candidates }) => candidates));
  const first = told.find((trial) => trial.candidates === largest);
  if (first === undefined) return "";
  const alike = told.filter((trial) => sameConditions(trial, first));
  const schemes = inOrder(alike.map(({ scheme }) => scheme));
  const sentences = schemes.flatMap((scheme) => {
    const trial = alike.find((candidate) => candidate.scheme === scheme);
    return trial === undefined ? [] : costOf(trial);
  });
  const few = analysis.uncompared.find((one) => sameConditions(one, first));
  const caveat = few === undefined ? "" : `; ${tooFewText(few)}`;
  return `With ${plural(first.candidates, "candidate")}, ${listed(sentences)}${conditionsOf(first, trials)}${caveat}`;
}

function costOf({ scheme, summary: { failoverMs, notificationsPerFailover: woken } }: TrialResult): string {
  const parts = [
    ...(failoverMs === null
      ? []
      : [`fails over in ${milliseconds(failoverMs.p50)} ms (median of ${failoverMs.n})`]),
    ...(woken === null ? [] : [`wakes ${candidates(woken)}`]),
  ];
  return `the scheme ${scheme} ${parts.join(" and ")}`;
}

function watching(scheme: string): string {
  switch (scheme) {
    case "predecessor":
    case "leader":
      return `watching the ${scheme}`;
    case "children":
      return "watching the child list";
    default:
      return `the scheme ${scheme}`;
  }
}

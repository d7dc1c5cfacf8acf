/** The answer in one sentence, based on the figures; if they show nothing, it says so. */

import { failureOf } from "../export/failure.ts";
import { listed } from "../export/listed.ts";
import type { Result, TrialResult } from "../export/result.ts";
import { schemeCalled } from "../export/scheme-words.ts";
import { happening } from "../faults/happening.ts";
import { axisNames, type Conditions, conditionText, sameConditions, several } from "../history/conditions.ts";
import type { SchemeComparison } from "../metrics/analysis.ts";
import { isCompared, tooFewText } from "../metrics/comparison.ts";
import type { ReportRun } from "./report-run.ts";
import { type RunDifference, runDifferences } from "./run-differences.ts";
import { inOrder } from "./scheme-style.ts";
import { wasAskedFor } from "./unfenced.ts";
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
    const where = `${wrong.what} in ${wrong.trials} of ${plural(trials.length, "trial")}`;
    const [story] = runs.flatMap(({ result }) => afterSilence(result) ?? []);
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
  return afterSilence(first.result) ?? betweenSchemes(first) ?? plainly(first.result);
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

function strongest(comparisons: readonly SchemeComparison[]): SchemeComparison | undefined {
  const weight = ({ conclusion, ratio }: SchemeComparison) =>
    conclusion === "no difference shown" ? -1 : Math.abs(Math.log(ratio));
  return comparisons.toSorted((a, b) => weight(b) - weight(a))[0];
}

function difference(told: SchemeComparison, trials: readonly TrialResult[]): string {
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

/**
 * The story of a leader that falls silent: how long the servers waited for it, how long two believed that they
 * lead, and what the old one still wrote. `null` for a fault that the servers are told of.
 */
function afterSilence({ trials, analysis }: Result): string | null {
  const first = largestOf(trials);
  const { silentMs = null, leader = null } = first?.expects ?? {};
  const after = first?.summary.failoverMs?.p50;
  if (first === undefined || after === undefined || !silentMs || leader !== "next") return null;
  const { candidates, fault, summary } = first;
  const next = `the next of ${plural(candidates, "candidate")} leads after ${seconds(after)}`;
  const story = `${happening(fault)}: ${next}, of which ${seconds(silentMs)} are the session timeout`;
  const alike = trials.filter((trial) => sameConditions(trial, first));
  const overlapMs = summary.overlapMs?.p50 ?? 0;
  const two = overlapMs === 0 ? [] : [`for ${seconds(overlapMs)} two believe that they lead`];
  const told = strongest(
    analysis.comparisons.filter(
      (one) =>
        one.measure === "failoverMs" &&
        one.conclusion !== "no difference shown" &&
        sameConditions(one, first),
    ),
  );
  const costs = told === undefined ? [] : [difference(told, trials)];
  return [story, ...two, ...staleWritesOf(alike), ...costs].join("; ");
}

/** Nobody knows of any if there was no counter. */
function staleWritesOf(trials: readonly TrialResult[]): string[] {
  const writes = trials.flatMap(({ summary }) => summary.staleWrites ?? []);
  const attempted = writes.reduce((sum, one) => sum + one.attempted, 0);
  const accepted = writes.reduce((sum, one) => sum + one.accepted, 0);
  if (attempted === 0) return [];
  return trials.every(({ counter }) => counter === "unguarded")
    ? [`${count(accepted)} of ${plural(attempted, "late write")} did harm`]
    : [
        `the fence let ${accepted === 0 ? "none" : count(accepted)} of ${plural(attempted, "late write")} do harm`,
      ];
}

/** A time as it is told. */
function seconds(ms: number): string {
  return ms < 1000 ? `${milliseconds(ms)} ms` : `${Number((ms / 1000).toFixed(2))} s`;
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

/** The first of those with the most candidates that have a figure. */
function largestOf(trials: readonly TrialResult[]): TrialResult | undefined {
  const told = trials.filter(
    ({ summary }) => summary.failoverMs !== null || summary.notificationsPerFailover !== null,
  );
  const largest = Math.max(...told.map(({ candidates }) => candidates));
  return told.find((trial) => trial.candidates === largest);
}

/** Used without a comparison: each scheme's figure at the largest number of candidates. */
function plainly({ trials, analysis }: Result): string {
  const first = largestOf(trials);
  if (first === undefined) return "";
  const alike = trials.filter((trial) => sameConditions(trial, first));
  const schemes = inOrder(alike.map(({ scheme }) => scheme));
  const sentences = schemes.flatMap((scheme) => {
    const trial = alike.find((candidate) => candidate.scheme === scheme);
    return trial === undefined ? [] : costOf(trial);
  });
  const few = analysis.uncompared.find((one) => sameConditions(one, first));
  const caveat = few === undefined ? "" : `; ${tooFewText(few)}`;
  return `With ${plural(first.candidates, "candidate")}, ${listed(sentences)}${conditionsOf(first, trials)}${caveat}`;
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

/** The final summary: a row for each trial, what it means, and how far to trust it. */
import { ensembleSentences, setUpParts } from "../export/ensemble-text.ts";
import { evidenceText } from "../export/evidence-text.ts";
import { failureOf } from "../export/failure.ts";
import { relayText } from "../export/relay-text.ts";
import type { Result, TrialResult } from "../export/result.ts";
import { sharedThreads } from "../export/shared-threads.ts";
import { type AxisName, toldOf, trialText } from "../history/conditions.ts";
import { hanging, type Paint, wrap } from "./format.ts";
import { growthSummary } from "./growth.ts";
import { oldLeaders } from "./old-leaders.ts";
import { predictions } from "./predictions.ts";
import { schemeComparison } from "./scheme-comparison.ts";
import { trialTable } from "./trial-table.ts";
import { warnings } from "./warnings.ts";

/**
 * The whole text, without a newline at its end.
 * @param columns the width of a line; unlimited by default
 */
export function summary(result: Result, paint: Paint, columns = Infinity): string {
  const { run, trials } = result;
  const parts = [heading(result, paint, columns)];
  const failure = failureOf(result, "The run");
  if (failure !== null) parts.push(paint.red(wrap(`${failure}.`, columns)));
  if (trials.length === 0) parts.push("No trial was completed.");
  else {
    const told = toldOf(trials);
    parts.push(trialTable(trials, paint, columns));
    parts.push(...ensembleSentences(trials, told).map((sentence) => wrap(sentence, columns)));
    const shared = sharedThreads(trials);
    if (shared !== null) parts.push(wrap(shared, columns));
    parts.push(...trials.flatMap((trial) => remarks(trial, told, paint, columns)));
    parts.push(...schemeComparison(result, paint, columns));
    parts.push(...growthSummary(result, paint, columns));
    parts.push(...oldLeaders(trials, columns));
    parts.push(...predictions(trials, columns), ...warnings(trials, paint, columns));
    parts.push(...wrongs(trials, paint, columns));
  }
  if (run.state === "interrupted") parts.push(paint.yellow("Interrupted: these are the results so far."));
  return parts.join("\n");
}

const NO_BREAK = "\u00a0";

/** The environment of the measurements: do not blindly compare two runs whose headings differ. */
function heading({ environment, run, trials }: Result, paint: Paint, columns: number): string {
  const { server, node, cores } = environment;
  const relay = relayText(trials);
  const parts = [
    `ZooKeeper ${server.version ?? "of an unknown version"}`,
    server.tickTimeMs === null ? "your own ensemble" : `tick ${server.tickTimeMs} ms`,
    ...(server.forceSync === null ? [] : [server.forceSync ? "fsync" : "no fsync"]),
    ...setUpParts(environment),
    `Node ${node}`,
    `${cores} cores`,
    `seed ${run.seed}`,
    ...(relay === null ? [] : [relay]),
  ];
  // A part stays whole: the line breaks only between parts.
  const line = parts.map((part) => part.replaceAll(" ", NO_BREAK)).join(" · ");
  return paint.dim(wrap(line, columns).replaceAll(NO_BREAK, " "));
}

/**
 * Everything that was not as it should be: why a trial ended early, and each verdict with its first piece of
 * evidence.
 */
function remarks(trial: TrialResult, told: readonly AxisName[], paint: Paint, columns: number): string[] {
  const notes = Object.entries(trial.verdicts).flatMap(([name, verdict]) => {
    if (verdict.valid === true) return [];
    const text = verdict.valid === false ? evidenceText(verdict.evidence) : verdict.reason;
    const title = `${name} ${verdict.valid === false ? "FALSE" : "unknown"}`;
    const lines = wrap(`${title}: ${text}`, columns - 2).replaceAll("\n", "\n  ");
    // Painted after wrapping: invisible characters must not count.
    return `  ${lines.replace(title, (seen) => (verdict.valid === false ? paint.red(seen) : paint.yellow(seen)))}`;
  });
  const end = trial.reason === undefined ? [] : [`${trial.state}, ${trial.reason}`];
  if (notes.length + end.length === 0) return [];
  const which = `${trialText(trial, told)}:`;
  return [wrap([which, ...end].join(" "), columns), ...notes];
}

/** Repeats, at the end of many lines, which verdicts are FALSE, and in how many trials. */
function wrongs(trials: readonly TrialResult[], paint: Paint, columns: number): string[] {
  const falseIn = ({ verdicts }: TrialResult) =>
    Object.entries(verdicts).flatMap(([name, { valid }]) => (valid === false ? [name] : []));
  const wrong = trials.map(falseIn).filter((names) => names.length > 0);
  if (wrong.length === 0) return [];
  const names = [...new Set(wrong.flat())].join(", ");
  const where = trials.length === 1 ? "" : ` in ${wrong.length} of ${trials.length} trials`;
  return [hanging("✗", paint.red, `FALSE${where}: ${names}`, columns)];
}

/** A result as Markdown, for a README or a pull request: a table, the environment, and what it means. */
import { markdownTable } from "markdown-table";
import { worst } from "../checkers/checker.ts";
import { type AxisName, axes, type Conditions, conditionText, toldOf } from "../history/conditions.ts";
import type { SchemeComparison, Uncompared } from "../metrics/analysis.ts";
import { tooFewText } from "../metrics/comparison.ts";
import type { CostModel } from "../metrics/forecast.ts";
import { medianInterval, type Statistics } from "../metrics/statistics.ts";
import type { TrialSummary } from "../metrics/summary.ts";
import { ensembleSentences, serverCount, setUpParts } from "./ensemble-text.ts";
import { evidenceText } from "./evidence-text.ts";
import { failureOf } from "./failure.ts";
import { count, milliseconds, ratio } from "./figure-text.ts";
import {
  costsText,
  differingConditions,
  FORECAST_NUMBERS,
  FORETOLD,
  forecastText,
  heldOutText,
  titleOf,
} from "./growth-text.ts";
import { relayText } from "./relay-text.ts";
import type { Result, TrialResult } from "./result.ts";
import { sharedThreads } from "./shared-threads.ts";
import {
  columnTitle,
  figureText,
  haveGaps,
  haveMoves,
  mayLeaveLeaders,
  type TrialColumnName,
} from "./trial-columns.ts";
import { warningGroups, warningSentence } from "./warning-groups.ts";

/** Has a newline at its end. */
export function markdown(result: Result): string {
  const { trials, analysis, run } = result;
  const told = toldOf(trials);
  const failure = failureOf(result, "The run");
  const parts = failure === null ? [] : [`**${escaped(failure)}.**`];
  if (trials.length === 0) parts.push("No trial was completed.");
  else parts.push(table(trials, told), legend(trials));
  parts.push(environmentLine(result));
  if (run.state !== "completed") {
    const what = run.state === "failed" ? "failed" : "was interrupted";
    parts.push(`The run ${what}: these are the results so far.`);
  }
  const compared = [
    ...analysis.comparisons.map((comparison) => sentence(comparison, told)),
    ...analysis.uncompared.map((one) => uncompared(one, told)),
  ];
  parts.push(...list("Compared, by the medians:", compared));
  parts.push(...growth(analysis.models ?? []));
  const shared = sharedThreads(trials);
  const remarks = [
    ...ensembleSentences(trials, told).map(escaped),
    ...(shared === null ? [] : [escaped(shared)]),
    ...trials.flatMap((trial) => [...endOf(trial, told), ...wrongsOf(trial, told)]),
    ...warningGroups(trials).map((group) => escaped(warningSentence(group))),
  ];
  parts.push(...list("To be known of these figures:", remarks));
  return `${parts.join("\n\n")}\n`;
}

/** A table of how figures grow, and of what that foretells. */
function growth(models: readonly CostModel[]): string[] {
  if (models.length === 0) return [];
  const conditionsOf = differingConditions(models);
  const head = [
    ...["figure", "scheme", "with", "N to the power", "95 %", "consists of"],
    ...["left out", ...FORECAST_NUMBERS.map((candidates) => `N = ${candidates}, FORETOLD`)],
  ];
  const rows = models.map((model) => [
    ...[titleOf(model), escaped(model.scheme), escaped(conditionsOf(model))],
    ...[model.exponent.toFixed(2), model.exponentInterval.map((end) => end.toFixed(2)).join("–")],
    escaped(costsText(model)),
    model.heldOut.map((one) => `N = ${one.candidates}: ${heldOutText(one, model)}`).join("; "),
    ...FORECAST_NUMBERS.map((candidates) => {
      const found = model.forecasts.find((one) => one.candidates === candidates);
      return found === undefined ? "–" : escaped(forecastText(found, model));
    }),
  ]);
  const words = `Growth with N. ${FORETOLD}; left out: foretold from all other N, then compared.`;
  return [words, markdownTable([head, ...rows])];
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [title, items.map((item) => `- ${item}`).join("\n")];
}

function legend(trials: readonly TrialResult[]): string {
  const old = trials.some(mayLeaveLeaders)
    ? "; unsafe: for how long an old leader could act beside its successor"
    : "";
  const stale = haveCounter(trials) ? "; stale writes: of old leaders, accepted / tried" : "";
  const gap = haveGaps(trials) ? "; gap: for how long nobody could act as the leader" : "";
  const moves = haveMoves(trials) ? "; moves: new leaders per failover" : "";
  return (
    "Times in ms; in brackets, where the true median lies with 95 % confidence; " +
    `woken and reads per failover; settled: until all wait again${gap}${moves}${old}${stale}.`
  );
}

/** Nothing can be seen of old leaders' writes without a counter. */
function haveCounter(trials: readonly TrialResult[]): boolean {
  return trials.some(({ counter }) => counter !== "none");
}

function table(trials: readonly TrialResult[], told: readonly AxisName[]): string {
  const stale = haveCounter(trials);
  const head = ["scheme", ...told.map((name) => axes[name].title)];
  const shown: readonly TrialColumnName[] = [
    ...(["p90", "p99", "max", "woken", "reads", "settled"] as const),
    ...(haveGaps(trials) ? (["gap"] as const) : []),
    ...(haveMoves(trials) ? (["moves"] as const) : []),
    ...(trials.some(mayLeaveLeaders) ? (["unsafe"] as const) : []),
  ];
  const figures = ["p50", ...shown.map(columnTitle), ...(stale ? ["stale writes"] : [])];
  const rows = trials.map((trial) => [
    escaped(trial.scheme),
    ...told.map((name) => escaped(String(trial[name]))),
    medianOf(trial.summary.failoverMs),
    ...shown.map((name) => figureText(name, trial, { milliseconds, count })),
    ...(stale ? [staleText(trial.summary.staleWrites)] : []),
    verdict(trial),
  ]);
  const align = [
    "l",
    ...told.map((name) => (axes[name].range === null ? "l" : "r")),
    ...figures.map(() => "r"),
  ];
  return markdownTable([[...head, ...figures, "verdict"], ...rows], { align: [...align, "l"] });
}

function staleText(writes: TrialSummary["staleWrites"]): string {
  return writes === null ? "–" : `${writes.accepted} / ${writes.attempted}`;
}

function medianOf(statistics: Statistics | null): string {
  if (statistics === null) return "–";
  const interval = medianInterval(statistics)?.map(milliseconds).join(", ");
  return `${milliseconds(statistics.p50)}${interval === undefined ? "" : ` [${interval}]`}`;
}

/** Preceded by the trial's state if it did not complete: it was judged as far as it came. */
function verdict({ state, verdicts }: TrialResult): string {
  const judged = judgement(verdicts);
  return state === "completed" ? judged : `${state}; ${judged}`;
}

/** Names the checkers that are not satisfied. */
function judgement(verdicts: TrialResult["verdicts"]): string {
  const valid = worst(Object.values(verdicts));
  const names = Object.entries(verdicts).filter(([, verdict]) => verdict.valid === valid);
  const listed = names.map(([name]) => escaped(name)).join(", ");
  switch (valid) {
    case true:
      return "all valid";
    case false:
      return `**FALSE**: ${listed}`;
    case "unknown":
      return listed === "" ? "unknown" : `unknown: ${listed}`;
    default:
      return valid satisfies never;
  }
}

/** Do not blindly compare results with different lines. */
function environmentLine(result: Result): string {
  const { environment, run } = result;
  const { server } = environment;
  const parts = [
    `ZooKeeper ${server.version ?? "of an unknown version"}`,
    serverCount(result),
    server.embedded ? "embedded" : "the user's own",
    ...(server.tickTimeMs === null ? [] : [`tick ${server.tickTimeMs} ms`]),
    ...(server.forceSync === null ? [] : [server.forceSync ? "fsync" : "no fsync"]),
    ...setUpParts(environment),
    relayText(result.trials) ?? "no relay",
    environment.client,
    `Node ${environment.node}`,
    environment.os,
    environment.cpu,
    `${environment.cores} cores`,
    `seed ${run.seed}`,
    `zk-election-lab ${run.version}${run.git === null ? "" : ` (${run.git})`}`,
    run.startedAt,
  ];
  return parts.map(escaped).join(" · ");
}

function sentence(comparison: SchemeComparison, told: readonly AxisName[]): string {
  const { measure, conclusion, interval } = comparison;
  const scheme = escaped(comparison.scheme);
  const baseline = escaped(comparison.baseline);
  const verb = measure === "settledMs" ? "settles" : "is";
  const under = `(${conditions(comparison, told)})`;
  const [low, high] = interval;
  switch (conclusion) {
    case "slower": {
      const [times, between] = ratios(comparison.ratio, [low, high]);
      return `${scheme} ${verb} ${times} times slower than ${baseline} ${between} ${under}`;
    }
    case "faster": {
      const [times, between] = ratios(1 / comparison.ratio, [1 / high, 1 / low]);
      return `${scheme} ${verb} ${times} times faster than ${baseline} ${between} ${under}`;
    }
    case "no difference shown": {
      const [times, between] = ratios(comparison.ratio, [low, high]);
      return `${scheme} and ${baseline}, ${measures[measure]}: no difference shown, ratio ${times} ${between} ${under}`;
    }
    default:
      return conclusion satisfies never;
  }
}

function uncompared(one: Uncompared, told: readonly AxisName[]): string {
  const schemes = `${escaped(one.scheme)} and ${escaped(one.baseline)}`;
  return `${schemes}, ${measures[one.measure]}: ${tooFewText(one)} (${conditions(one, told)})`;
}

const measures = { failoverMs: "failover time", settledMs: "time to settle" } as const;

function ratios(times: number, [low, high]: readonly [number, number]): [times: string, between: string] {
  return [ratio(times), `[${ratio(low, times)}, ${ratio(high, times)}]`];
}

/** The reason why a trial ended early. */
function endOf(trial: TrialResult, told: readonly AxisName[]): string[] {
  if (trial.state === "completed") return [];
  const which = `${escaped(trial.scheme)}, ${conditions(trial, told)}`;
  return [`${which}: ${trial.state}, ${escaped(trial.reason ?? "no reason told")}`];
}

/** What every false verdict is based on. */
function wrongsOf(trial: TrialResult, told: readonly AxisName[]): string[] {
  const which = `${escaped(trial.scheme)}, ${conditions(trial, told)}`;
  return Object.entries(trial.verdicts).flatMap(([name, verdict]) =>
    verdict.valid === false ? `${which}: ${name} is FALSE: ${escaped(evidenceText(verdict.evidence))}` : [],
  );
}

function conditions(trial: Conditions, told: readonly AxisName[]): string {
  return escaped(conditionText(trial, told));
}

/** Text from outside as plain text: no markup, no HTML, no additional cell or line. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]|~]/g, (character) => `\\${character}`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/\s+/g, " ");
}

/** Formats the comparison of this run with a saved one. */
import { milliseconds } from "../export/figure-text.ts";
import type {
  EnvironmentDifference,
  RunComparison,
  TrialComparison,
  TrialName,
} from "../export/run-comparison.ts";
import { conditionText } from "../history/conditions.ts";
import { FEWEST_VALUES } from "../metrics/bootstrap.ts";
import { type Comparison, isCompared, type TooFew } from "../metrics/comparison.ts";
import { conditionColumns } from "./condition-columns.ts";
import { type Paint, wrap } from "./format.ts";
import { type Column, tableOf } from "./table.ts";

/**
 * The whole text, without a newline at its end.
 * @param saved the name of the saved run, such as its folder
 * @param columns the width of a line; unlimited by default
 */
export function comparisonText(
  { trials, onlyNow, onlyThen, environment }: RunComparison,
  saved: string,
  paint: Paint,
  columns = Infinity,
): string {
  const parts = [wrap(`Against ${saved}:`, columns)];
  if (environment.length > 0) parts.push(paint.yellow(wrap(moot(environment), columns)));
  if (trials.length === 0) parts.push("No trial is in both runs: there is nothing to compare.");
  else parts.push(table(trials, paint, columns), paint.dim(wrap(legendOf(trials), columns)));
  if (onlyNow.length > 0) parts.push(wrap(`Only in this run: ${listed(onlyNow)}.`, columns));
  if (onlyThen.length > 0) parts.push(wrap(`Only in the saved run: ${listed(onlyThen)}.`, columns));
  return parts.join("\n");
}

const LEGEND =
  "now, then: median failover in ms; machine: what a bare write and list took, now by then; ratio: now by then, " +
  "and by the machine where that is known, in brackets where it lies with 95 % confidence";

function legendOf(trials: readonly TrialComparison[]): string {
  const few = trials.some(({ comparison }) => comparison !== null && !isCompared(comparison));
  return few ? `${LEGEND}; too few: to compare, it takes ${FEWEST_VALUES} failovers of each` : LEGEND;
}

function table(trials: readonly TrialComparison[], paint: Paint, width: number): string {
  const columns: Column<TrialComparison>[] = [
    ...conditionColumns(trials, (trial) => trial),
    { title: "now", align: "right", cell: ({ nowP50Ms }) => paint.bold(duration(nowP50Ms)) },
    { title: "then", align: "right", cell: ({ thenP50Ms }) => duration(thenP50Ms) },
    {
      title: "machine",
      align: "right",
      cell: ({ machine }) => (machine === null ? "–" : `× ${machine.toFixed(2)}`),
    },
    {
      title: "ratio",
      align: "left",
      cell: ({ comparison }) => (comparison !== null && isCompared(comparison) ? ratioOf(comparison) : "–"),
    },
    {
      title: "difference",
      align: "left",
      cell: ({ comparison }) => (comparison === null ? "–" : differenceOf(comparison, paint)),
    },
  ];
  return tableOf(columns, trials, paint, width);
}

function duration(ms: number | null): string {
  return ms === null ? "–" : milliseconds(ms);
}

/** Two decimals, since differences of a few percent matter here. */
function ratioOf({ ratio, interval: [low, high] }: Comparison): string {
  return `${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

function differenceOf(comparison: Comparison | TooFew, paint: Paint): string {
  if (isCompared(comparison)) return wordFor(comparison.conclusion, paint);
  return paint.yellow(`too few, ${comparison.n} and ${comparison.baselineN}`);
}

function wordFor(conclusion: Comparison["conclusion"], paint: Paint): string {
  switch (conclusion) {
    case "slower":
      return paint.red(conclusion);
    case "faster":
      return paint.green(conclusion);
    case "no difference shown":
      return "none shown";
    default:
      return conclusion satisfies never;
  }
}

/** If the runs had different environments, these may explain a difference of the figures. */
function moot(differences: readonly EnvironmentDifference[]): string {
  const parts = differences.map(
    ({ what, nowValue, thenValue }) => `${what} ${nowValue ?? "unknown"}, then ${thenValue ?? "unknown"}`,
  );
  return `The runs are not comparable: what they ran on differs (${parts.join("; ")}).`;
}

const FEW = 2;

function listed(trials: readonly TrialName[]): string {
  const more = trials.length > FEW ? `; and ${trials.length - FEW} more` : "";
  const names = trials
    .slice(0, FEW)
    .map((trial) => `${trial.scheme} with ${conditionText(trial)}`)
    .join("; ");
  return `${names}${more}`;
}

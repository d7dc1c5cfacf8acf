/** Compares the costs of the schemes: a sentence for each while there are few, a table if there are many. */
import { ratio } from "../export/figure-text.ts";
import type { Result } from "../export/result.ts";
import { pairSentence, type SchemePair, schemePairs } from "../export/scheme-pairs.ts";
import { axisNames, conditionWords, several } from "../history/conditions.ts";
import { FEWEST_VALUES } from "../metrics/bootstrap.ts";
import { type Comparison, isCompared, type TooFew } from "../metrics/comparison.ts";
import { conditionColumns } from "./condition-columns.ts";
import { type Paint, wrap } from "./format.ts";
import { type Column, tableOf } from "./table.ts";

const FEW = 3;

/** Parts of the summary, each without a newline at its end; empty if nothing can be compared. */
export function schemeComparison(result: Result, paint: Paint, columns: number): string[] {
  const pairs = schemePairs(result);
  if (pairs.length <= FEW) {
    return pairs.map((pair) => wrap(pairSentence(pair, result.trials), columns));
  }
  return [table(pairs, paint, columns), ...growth(result).map((line) => wrap(line, columns))];
}

function table(pairs: readonly SchemePair[], paint: Paint, width: number): string {
  const columns: Column<SchemePair>[] = [
    ...conditionColumns(pairs, ({ trial }) => trial, "by predecessor's"),
    { title: "failover", align: "left", cell: ({ failover }) => times(failover) },
    { title: "settled", align: "left", cell: ({ settled }) => times(settled) },
  ];
  const few = pairs.some(({ failover, settled }) =>
    [failover, settled].some((one) => one !== undefined && !isCompared(one)),
  );
  const legend =
    "medians, by those of predecessor; in brackets where the ratio lies with 95 %; =: no difference shown" +
    (few ? `; too few: to compare, it takes ${FEWEST_VALUES} failovers of each` : "");
  return `${tableOf(columns, pairs, paint, width)}\n${paint.dim(wrap(legend, width))}`;
}

function times(comparison: Comparison | TooFew | undefined): string {
  if (comparison === undefined) return "–";
  if (!isCompared(comparison)) return `too few, ${comparison.n} and ${comparison.baselineN}`;
  const { ratio: value, interval, conclusion } = comparison;
  const range = interval.map((end) => ratio(end, value)).join("–");
  return `× ${ratio(value)} (${range})${conclusion === "no difference shown" ? " =" : ""}`;
}

const measures = {
  settledMs: "settled time",
  notifications: "notifications",
  responseBytes: "server bytes",
} as const;

/** A line for each scheme that was tried with several numbers of candidates, under each of the conditions. */
function growth({ analysis }: Result): string[] {
  const told = axisNames.filter((name) => name !== "candidates" && several(analysis.growth, name));
  const lines = new Map<string, string[]>();
  for (const one of analysis.growth) {
    // The number of candidates, which is not told, is not one.
    const title = [one.scheme, ...conditionWords({ ...one, candidates: 0 }, told)].join(", ");
    const [low, high] = one.interval;
    const part = `${measures[one.measure]} N^${one.exponent.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
    lines.set(title, [...(lines.get(title) ?? []), part]);
  }
  return [...lines].map(([title, parts]) => `Growth with N, ${title}: ${parts.join(", ")}`);
}

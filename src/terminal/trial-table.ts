/**
 * A row for each trial: with everything that fits on a wide terminal, or the most important columns on a narrow
 * one.
 */
import { stripVTControlCharacters } from "node:util";
import sparkly from "sparkly";
import { type Verdict, worst } from "../checkers/checker.ts";
import { count, milliseconds } from "../export/figure-text.ts";
import type { TrialResult } from "../export/result.ts";
import {
  figureText,
  haveGaps,
  haveMoves,
  mayLeaveLeaders,
  type TrialColumnName,
  trialColumns,
} from "../export/trial-columns.ts";
import { medianInterval } from "../metrics/statistics.ts";
import { conditionColumns } from "./condition-columns.ts";
import { type Paint, wrap } from "./format.ts";
import { type Column, tableOf } from "./table.ts";

interface Field extends Column<TrialResult> {
  /** The meaning of the title, for the legend. */
  readonly meaning?: string;
}

const texts = { milliseconds, count };

const figure = (name: TrialColumnName, meaning?: string): Field => ({
  title: trialColumns[name].title,
  align: "right",
  ...(meaning !== undefined && { meaning }),
  cell: (trial) => figureText(name, trial, texts),
});

const p50: Field = {
  ...figure("p50"),
  cell: (trial, paint) => paint.bold(figureText("p50", trial, texts)),
};
const interval: Field = {
  title: "95 %",
  align: "left",
  meaning: "95 %: where the true median lies",
  cell: ({ summary: { failoverMs } }) =>
    (failoverMs === null ? null : medianInterval(failoverMs))?.map(milliseconds).join("–") ?? "–",
};
const spread: Field = {
  title: "spread",
  align: "left",
  meaning: "spread: from the fastest to the slowest failover",
  cell: ({ failovers }) => sparkline(failovers.flatMap(({ totalMs }) => totalMs ?? [])),
};
const [p90, p99, max] = [figure("p90"), figure("p99"), figure("max")];
const [woken, reads, settled] = [figure("woken"), figure("reads"), figure("settled")];
const unsafe = figure(
  "unsafe",
  "unsafe: ms for which an old leader could act beside its successor, the median",
);
const gap = figure("gap", "gap: ms for which nobody could act as the leader, the median");
const moves = figure("moves", "moves: new leaders per failover");
const stale: Field = {
  title: "stale",
  align: "right",
  meaning: "stale: writes of old leaders, accepted/tried",
  cell: ({ summary: { staleWrites } }, paint) => {
    if (staleWrites === null) return "–";
    const { accepted, attempted } = staleWrites;
    return accepted === 0 ? `0/${attempted}` : paint.red(`${accepted}/${attempted}`);
  },
};
const verdicts: Field = {
  title: "verdicts",
  align: "left",
  cell: ({ state, verdicts }, paint) => {
    const word = wordFor(worst(Object.values(verdicts)), paint);
    return state === "errored" ? `${paint.red(state)}, ${word}` : word;
  },
};

/** The table with its legend below. */
export function trialTable(trials: readonly TrialResult[], paint: Paint, columns: number): string {
  const which: Field[] = conditionColumns(trials, (trial) => trial);
  const old = [
    ...(trials.some(mayLeaveLeaders) ? [unsafe] : []),
    ...(trials.some(({ counter }) => counter !== "none") ? [stale] : []),
  ];
  const gaps = [...(haveGaps(trials) ? [gap] : []), ...(haveMoves(trials) ? [moves] : [])];
  const herd = [woken, reads, settled];
  const rich = [...which, p50, interval, p90, p99, max, spread, ...herd, ...gaps, ...old, verdicts];
  // With old leaders, their columns replace reads, and the columns between the median and the worst.
  const lean =
    old.length === 0
      ? [...which, p50, p90, max, ...herd, ...gaps, verdicts]
      : [...which, p50, max, woken, settled, ...gaps, ...old, verdicts];
  const needed = widthOf(tableOf(rich, trials, paint, Infinity));
  const shown = needed <= columns ? [...rich] : lean;
  // Conditions may have many columns.
  for (const field of [p90, reads, max, settled]) {
    if (widthOf(tableOf(shown, trials, paint, columns)) <= columns) break;
    if (shown.includes(field)) shown.splice(shown.indexOf(field), 1);
  }
  const titled = (fields: readonly Field[]) =>
    fields
      .filter((field) => shown.includes(field))
      .map(({ title }) => title)
      .join(", ");
  const meanings = (fields: readonly Field[]) =>
    fields.filter((field) => shown.includes(field)).flatMap(({ meaning }) => meaning ?? []);
  const missing = rich
    .filter((field) => !shown.includes(field))
    .map(({ title }) => title)
    .join(", ");
  const words = [
    `${titled([p50, p90, p99, max])} in ms`,
    ...meanings([interval, spread]),
    `${titled([woken, reads])} per failover`,
    ...(shown.includes(settled) ? ["settled: ms until all wait again"] : []),
    ...meanings([gap, moves, unsafe, stale]),
    ...(missing === "" ? [] : [`with ${needed} columns also: ${missing}`]),
  ];
  return `${tableOf(shown, trials, paint, columns)}\n${paint.dim(wrap(words.join("; "), columns))}`;
}

function widthOf(table: string): number {
  return Math.max(...table.split("\n").map((line) => stripVTControlCharacters(line).length));
}

const BINS = 8;

/** The number of failovers in each eighth of the range. */
function sparkline(values: readonly number[]): string {
  const min = Math.min(...values);
  const width = (Math.max(...values) - min) / BINS;
  if (!(width > 0)) return "–";
  const bins = Array.from({ length: BINS }, () => 0);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor((value - min) / width));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return sparkly(bins, { minimum: 0 });
}

/** A verdict that is not valid also has a mark: without colour, one word in a column looks like another. */
function wordFor(valid: Verdict["valid"], paint: Paint): string {
  switch (valid) {
    case true:
      return paint.green("all valid");
    case false:
      return paint.red("✗ FALSE");
    case "unknown":
      return paint.yellow("? unknown");
    default:
      return valid satisfies never;
  }
}

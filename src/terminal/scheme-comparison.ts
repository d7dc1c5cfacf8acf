/** Compares the costs of the schemes: a sentence for each while there are few, a table if there are many. */
import { count, ratio } from "../export/figure-text.ts";
import { listed } from "../export/listed.ts";
import type { Result, TrialResult } from "../export/result.ts";
import { faultNamed } from "../faults/faults.ts";
import { axisNames, conditionWords, sameConditions, several, toldOf } from "../history/conditions.ts";
import { FEWEST_VALUES } from "../metrics/bootstrap.ts";
import { type Comparison, isCompared, type TooFew, tooFewText } from "../metrics/comparison.ts";
import { conditionColumns } from "./condition-columns.ts";
import { type Paint, wrap } from "./format.ts";
import { type Column, tableOf } from "./table.ts";

/** A scheme's trial and the trial that it is compared with. */
interface Pair {
  readonly trial: TrialResult;
  readonly base: TrialResult;
  readonly woken: number;
  readonly baseWoken: number;
  readonly failover: Comparison | TooFew | undefined;
  readonly settled: Comparison | TooFew | undefined;
}

const FEW = 3;

/** Parts of the summary, each without a newline at its end; empty if nothing can be compared. */
export function schemeComparison(result: Result, paint: Paint, columns: number): string[] {
  const pairs = pairsOf(result);
  if (pairs.length <= FEW) {
    return pairs.map((pair) => wrap(sentence(pair, result.trials), columns));
  }
  return [table(pairs, paint, columns), ...growth(result).map((line) => wrap(line, columns))];
}

function pairsOf({ trials, analysis }: Result): Pair[] {
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

function sentence({ trial, woken, baseWoken, failover }: Pair, trials: readonly TrialResult[]): string {
  const told = toldOf(trials).filter((name) => name === "candidates" || several(trials, name));
  const others =
    woken === baseWoken ? "as the predecessor scheme did" : `the predecessor scheme ${count(baseWoken)}`;
  const herd = `${watching(trial.scheme)} woke ${candidates(woken)} per ${occasion(trial)}, ${others}`;
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

function table(pairs: readonly Pair[], paint: Paint, width: number): string {
  const columns: Column<Pair>[] = [
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

function watching(scheme: string): string {
  if (scheme === "leader") return "watching the leader";
  return scheme === "children" ? "watching the child list" : `the scheme ${scheme}`;
}

function candidates(woken: number): string {
  return woken === 1 ? "1 candidate" : `${count(woken)} candidates`;
}

function occasion({ fault }: TrialResult): string {
  return faultNamed(fault)?.occasion ?? "failover";
}

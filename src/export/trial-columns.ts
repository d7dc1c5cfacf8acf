/**
 * The figures for tables with a row per trial. Each table decides which to show, in which order and with which
 * digits.
 */
import type { TrialSummary } from "../metrics/summary.ts";
import type { TrialResult } from "./result.ts";

interface TrialColumn {
  readonly title: string;
  /** The shown statistic, if the title does not say it. */
  readonly statistic?: string;
  readonly unit: "ms" | "per failover";
  of(summary: TrialSummary): number | null | undefined;
}

export const trialColumns = {
  p50: { title: "p50", unit: "ms", of: ({ failoverMs }) => failoverMs?.p50 },
  p90: { title: "p90", unit: "ms", of: ({ failoverMs }) => failoverMs?.p90 },
  p99: { title: "p99", unit: "ms", of: ({ failoverMs }) => failoverMs?.p99 },
  max: { title: "max", unit: "ms", of: ({ failoverMs }) => failoverMs?.max },
  mad: { title: "mad", unit: "ms", of: ({ failoverMs }) => failoverMs?.mad },
  woken: {
    title: "woken",
    unit: "per failover",
    of: ({ notificationsPerFailover }) => notificationsPerFailover,
  },
  reads: { title: "reads", unit: "per failover", of: ({ readsPerFailover }) => readsPerFailover },
  settled: { title: "settled", statistic: "p50", unit: "ms", of: ({ settledMs }) => settledMs?.p50 },
  gap: { title: "gap", statistic: "p50", unit: "ms", of: ({ gapMs }) => gapMs?.p50 },
  moves: { title: "moves", unit: "per failover", of: ({ leadersPerFailover }) => leadersPerFailover },
  unsafe: { title: "unsafe", statistic: "p50", unit: "ms", of: ({ unsafeMs }) => unsafeMs?.p50 },
} as const satisfies Readonly<Record<string, TrialColumn>>;

export type TrialColumnName = keyof typeof trialColumns;

/** "settled p50" */
export function columnTitle(name: TrialColumnName): string {
  const { title, statistic }: TrialColumn = trialColumns[name];
  return statistic === undefined ? title : `${title} ${statistic}`;
}

/** @param texts the table's formatting of values */
export function figureText(
  name: TrialColumnName,
  { summary }: TrialResult,
  texts: { readonly milliseconds: (ms: number) => string; readonly count: (value: number) => string },
): string {
  const { unit, of } = trialColumns[name];
  const value = of(summary);
  if (value === null || value === undefined) return "–";
  return unit === "ms" ? texts.milliseconds(value) : texts.count(value);
}

/** Where nobody is to be unseated, or anybody may be again and again, the gap is the fault's effect. */
export function haveGaps(trials: readonly TrialResult[]): boolean {
  return trials.some(({ expects }) => expects !== null && expects !== undefined && expects.leader !== "next");
}

/** Where candidates come back while others go, leadership may move several times. */
export function haveMoves(trials: readonly TrialResult[]): boolean {
  return trials.some(({ expects }) => expects?.leader === "any");
}

/** A process may go on after its successor leads; a thread is looked at only if it writes to a counter. */
export function mayLeaveLeaders({ counter, host }: Pick<TrialResult, "counter" | "host">): boolean {
  return counter !== "none" || host !== "thread";
}

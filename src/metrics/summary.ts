/**
 * A trial in one row: its failover times, its herd, and its old leaders. The herd is counted over complete
 * failovers only, since an interrupted one has not woken all.
 */
import { list, nullable, number, type Of, object, type Shape, whole } from "../shape.ts";
import { type Failover, staleWrites } from "./figures.ts";
import { outliersOf } from "./outliers.ts";
import { statistics, summarise } from "./statistics.ts";

interface SummaryFigure<Form extends Shape = Shape> {
  readonly shape: Form;
  /** @param seed for the intervals around medians */
  of(failovers: readonly Failover[], seed: number): Of<Form>;
}

function figure<Form extends Shape>(shape: Form, of: SummaryFigure<Form>["of"]): SummaryFigure<Form> {
  return { shape, of };
}

const summaryFigures = {
  failoverMs: figure(
    nullable(
      statistics,
      "Statistics of `totalMs` over all failovers with a new leader; `null` if nobody new led. Compare the " +
        "medians first, then p99 for what a user may experience.",
    ),
    (failovers, seed) => summarise(known(failovers, "totalMs"), seed),
  ),
  notificationsPerFailover: figure(
    nullable(
      number(),
      "Mean over the failovers that settled. The scheme's own rule says 1 for `predecessor` and `heir`, N − 1 for " +
        "`leader` and `children`.",
    ),
    (failovers) => average(complete(failovers).map(({ notifications }) => notifications)),
  ),
  leadersPerFailover: figure(
    nullable(number(), "Mean of `leaders` over the same failovers: how often leadership moved."),
    (failovers) => average(complete(failovers).map(({ leaders }) => leaders)),
  ),
  readsPerFailover: figure(
    nullable(
      number(),
      "Mean of the reads over the same failovers. Multiplied by the length of a list, this is the herd's " +
        "load on the servers.",
    ),
    (failovers) => average(complete(failovers).map(({ reads }) => reads)),
  ),
  settledMs: figure(
    nullable(
      statistics,
      "Statistics of `settledMs`. A fault sooner than this meets an election that has not settled yet.",
    ),
    (failovers, seed) => summarise(known(complete(failovers), "settledMs"), seed),
  ),
  overlapMs: figure(
    nullable(statistics, "Statistics of `overlapMs`, over the failovers where it is known."),
    (failovers, seed) => summarise(known(failovers, "overlapMs"), seed),
  ),
  unsafeMs: figure(
    nullable(
      statistics,
      "Statistics of `unsafeMs`. Compare it with `overlapMs`: the difference is the benefit of lease and " +
        "fence.",
    ),
    (failovers, seed) => summarise(known(failovers, "unsafeMs"), seed),
  ),
  gapMs: figure(
    nullable(statistics, "Statistics of `gapMs`, over the failovers that settled."),
    (failovers, seed) => summarise(known(complete(failovers), "gapMs"), seed),
  ),
  staleWrites: figure(nullable(staleWrites, "The sums over all failovers."), (failovers) => {
    const counts = failovers.flatMap(({ staleWrites }) => staleWrites ?? []);
    if (counts.length === 0) return null;
    return {
      attempted: counts.reduce((sum, { attempted }) => sum + attempted, 0),
      accepted: counts.reduce((sum, { accepted }) => sum + accepted, 0),
    };
  }),
  outliers: figure(
    list(
      whole(1),
      "The numbers of failovers whose time is far from the others'. All figures include them; look at them " +
        "in the trace before you attribute a p99 to the scheme.",
    ),
    (failovers) => {
      const timed = failovers.filter(({ totalMs }) => totalMs !== null);
      return outliersOf(known(timed, "totalMs")).flatMap((index) => timed[index]?.failover ?? []);
    },
  ),
} as const satisfies Readonly<Record<string, SummaryFigure>>;

type SummaryName = keyof typeof summaryFigures;

const names = Object.keys(summaryFigures) as SummaryName[];

export type TrialSummary = { readonly [Name in SummaryName]: Of<(typeof summaryFigures)[Name]["shape"]> };

export const trialSummary = object(
  Object.fromEntries(names.map((name) => [name, summaryFigures[name].shape])) as {
    [Name in SummaryName]: (typeof summaryFigures)[Name]["shape"];
  },
);

/** The seed is for the intervals around the medians. */
export function summariseTrial(failovers: readonly Failover[], seed: number): TrialSummary {
  return Object.fromEntries(
    names.map((name) => [name, summaryFigures[name].of(failovers, seed)]),
  ) as TrialSummary;
}

function complete(failovers: readonly Failover[]): readonly Failover[] {
  return failovers.filter(({ end }) => end === "settled");
}

function known(
  failovers: readonly Failover[],
  name: "totalMs" | "settledMs" | "overlapMs" | "unsafeMs" | "gapMs",
): number[] {
  return failovers.flatMap((failover) => failover[name] ?? []);
}

/** The average of counts: a sum of whole numbers is exact, so equal counts average to exactly that count. */
function average(counts: readonly number[]): number | null {
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0) / counts.length;
}

/**
 * What `yarn bench --growth` tries: few failovers with very different numbers of candidates. A scheme under
 * which all wake at once lists N candidates N times in each failover: it is left out where that is too much.
 */

import { PINGS } from "../election/pace.ts";
import { type Death, notificationsOf, type Scheme } from "../election/scheme.ts";
import { JOINING_PER_THREAD } from "../history/crowd-costs.ts";
import { FEWEST_NUMBERS } from "../metrics/forecast.ts";
import { groupsOf } from "../metrics/groups.ts";
import type { AxisLists } from "./axes.ts";
import type { Axes, PlannedScheme } from "./groups.ts";

export const growthDefaults = {
  candidates: [10, 30, 100, 300, 500, 1000, 3000, 10_000],
  /** All have the same, or they could not be compared; at rest, a session is measured for a third of it. */
  sessionTimeoutMs: [20_000],
  join: ["by-list", "by-number"],
} as const;

/** Where nothing else was typed: of many candidates, all have to settle after each failover. */
const failoversWith = (candidates: number) => (candidates < 1000 ? 8 : 6);
const serversWith = (candidates: number) => (candidates <= 1000 ? [1, 3] : [1]);

/** Candidates share so many threads, whatever their number: otherwise their threads would grow as well. */
const THREADS = 10;

/** Fewer join by list at hardly any cost. */
const BY_NUMBER_FROM = 30;

/** A trial may list this many names: on two cores it takes about half a minute. */
const MOST_NAMES = 10e6;
/** A name in a list: its length, 32 hexadecimal digits, "-c-" and ten digits. */
const NAME_BYTES = 4 + 32 + 3 + 10;

export interface GrowthGrid {
  readonly planned: readonly Axes[];
  /** What a person should know before it runs. */
  readonly cautions: readonly string[];
}

/** @param lists without `perThread` a few threads hold all candidates */
export function growthGrid(
  lists: Omit<AxisLists, "perThread" | "servers"> & Partial<Pick<AxisLists, "perThread" | "servers">>,
  schemes: readonly PlannedScheme[],
  failovers: number | undefined,
): GrowthGrid {
  const parts = lists.candidates.flatMap((candidates) =>
    lists.join.map((join) => ({
      ...lists,
      candidates: [candidates],
      join: [join],
      perThread: lists.perThread ?? [isThreads(lists) ? Math.ceil(candidates / THREADS) : 1],
      schemes: schemes.filter(({ scheme }) =>
        canJoin(scheme, join, lists.join.length > 1 ? candidates : null),
      ),
      servers: lists.servers ?? serversWith(candidates),
      failovers: failovers ?? failoversWith(candidates),
    })),
  );
  const planned = parts.map((part) => ({
    ...part,
    schemes: part.schemes.filter((one) => isAffordable(one, part)),
  }));
  const some = planned.filter(({ schemes: left }) => left.length > 0);
  return {
    planned: some,
    cautions: [
      ...tooFew(lists.candidates),
      ...leftOut(parts),
      `${durationText(some)}, on two cores with nothing else to do`,
    ],
  };
}

function tooFew(candidates: readonly number[]): string[] {
  if (candidates.length >= FEWEST_NUMBERS) return [];
  return [
    `--candidates ${candidates.join(",")}: costs are measured, but with fewer than ${FEWEST_NUMBERS} numbers nothing is foretold`,
  ];
}

/**
 * Only who watches the one just before it can join by number.
 * @param candidates where both ways are tried
 */
function canJoin(scheme: Scheme, join: string, candidates: number | null): boolean {
  if (join === "by-list") return true;
  return scheme.watchesPredecessor === true && (candidates ?? BY_NUMBER_FROM) >= BY_NUMBER_FROM;
}

function isAffordable({ scheme }: PlannedScheme, { candidates, join, failovers }: Axes): boolean {
  return candidates.every((count) =>
    join.every((how) => namesOf(scheme, count, how, failovers) <= MOST_NAMES),
  );
}

/** A sentence for each scheme, and each way to join, that is not measured with all numbers of candidates. */
function leftOut(parts: readonly Axes[]): string[] {
  const without = parts.flatMap((part) =>
    part.schemes
      .filter((one) => !isAffordable(one, part))
      .flatMap(({ scheme }) => part.join.map((join) => ({ ...part, scheme, join }))),
  );
  const groups = groupsOf(without, ({ scheme, join }) => `${scheme.name} ${join}`);
  return groups.flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { scheme, join, failovers } = first;
    const least = Math.min(...group.flatMap(({ candidates }) => candidates));
    const gigabytes = ((namesOf(scheme, least, join, failovers) * NAME_BYTES) / 1e9).toPrecision(2);
    return (
      `${scheme.name}, joining ${join}, is not measured with ${text(least)} candidates or more: the servers would ` +
      `send ${gigabytes} GB of names while all join and for ${failovers} failovers`
    );
  });
}

function text(candidates: number): string {
  return candidates.toLocaleString("en");
}

function isThreads({ host }: Pick<AxisLists, "host">): boolean {
  return host.every((one) => one === "thread");
}

/** Names in all lists of a trial. */
function namesOf(scheme: Scheme, candidates: number, join: string, failovers: number): number {
  const woken = failovers * wokenIn(scheme, candidates) * candidates;
  if (join === "by-number") return woken;
  if (!scheme.watchesChildren) return woken + candidates ** 2 / 2 + failovers * candidates;
  // Those that have joined look again whenever some others have.
  return woken + candidates ** 3 / (3 * JOINING_PER_THREAD) + failovers * candidates ** 2;
}

function wokenIn(scheme: Scheme, contenders: number): number {
  if (scheme.isOpaque === true) return 1;
  const death: Death = { contenders, position: 0 };
  return notificationsOf(scheme, { contenders, positions: [death.position] }).least;
}

const MS_PER_THREAD = 30;
const MS_PER_JOIN = 1.2;
const MS_PER_SETTLE = 0.4;
const MS_PER_NAME = 0.003;
/** Looks, collections, rehearsals and pauses of a trial, and of a failover. */
const MS_PER_TRIAL = 2800;
const MS_PER_FAILOVER = 80;

function durationText(planned: readonly Axes[]): string {
  const ms = planned.reduce((sum, axes) => sum + axes.servers.length * durationMs(axes), 0);
  return `this takes about ${Math.max(1, Math.round(ms / 60_000))} min`;
}

function durationMs({ candidates, perThread, join, sessionTimeoutMs, schemes, failovers }: Axes): number {
  return candidates.reduce((sum, count) => {
    const trials = schemes.map(
      ({ scheme }) =>
        MS_PER_TRIAL +
        count * MS_PER_JOIN +
        (failovers + 1) * (MS_PER_FAILOVER + count * MS_PER_SETTLE) +
        Math.max(...join.map((how) => namesOf(scheme, count, how, failovers))) * MS_PER_NAME,
    );
    const threads = count / Math.max(...perThread);
    return trials.reduce(
      (all, one) => all + one,
      sum + threads * MS_PER_THREAD + 2 * count * MS_PER_JOIN + Math.max(...sessionTimeoutMs) * PINGS,
    );
  }, 0);
}

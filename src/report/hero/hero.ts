/**
 * The picture at the top of a report, as data: one real failover under each scheme, all on one clock. It takes
 * the conditions under which most schemes ran, and among those the most candidates.
 */
import { happening } from "../../faults/happening.ts";
import { conditionKey, conditionText, toldOf } from "../../history/conditions.ts";
import type { History } from "../../history/history.ts";
import { groupsOf } from "../../metrics/groups.ts";
import { type Chain, chainOf, type Link, typicalEpisode } from "../chain/chain.ts";
import type { ReportRun } from "../report-run.ts";
import { inOrder } from "../scheme-style.ts";
import { type Episode, episodesOf, waits } from "../timeline/episode.ts";
import { duration } from "../timeline/time-scale.ts";

export interface Hero {
  readonly title: string;
  /** "50 candidates, resign" */
  readonly conditions: string;
  readonly strips: readonly Strip[];
  /** Nanoseconds since each strip's own origin, at the left and at the right edge of all of them. */
  readonly from: number;
  readonly to: number;
  /** Whether the origin is the first notification: the wait before it is left out. Else it is the fault. */
  readonly afterWait: boolean;
}

/** One failover, the nearest to its trial's median. */
export interface Strip {
  /** The index of its run. */
  readonly run: number;
  readonly chain: Chain;
  /** First those that were struck, then the others as they woke, then those that slept on. */
  readonly rows: readonly Link[];
  /** Nanoseconds from the fault. */
  readonly origin: number;
}

/** `null` if no history of these runs has a failover that settled. */
export function heroOf(runs: readonly ReportRun[]): Hero | null {
  for (const [run, { histories }] of runs.entries()) {
    const groups = groupsOf(histories, ({ header }) => conditionKey(header)).sort(
      (a, b) => schemesIn(b) - schemesIn(a) || sizeOf(b) - sizeOf(a),
    );
    for (const group of groups) {
      const chains = chainsOf(group);
      if (chains.length > 0) return drawn(run, chains, conditionsOf(group, histories));
    }
  }
  return null;
}

function schemesIn(group: readonly History[]): number {
  return new Set(group.map(({ header }) => header.scheme)).size;
}

function sizeOf([first]: readonly History[]): number {
  return first?.header.candidates ?? 0;
}

function conditionsOf([first]: readonly History[], all: readonly History[]): string {
  return first === undefined ? "" : conditionText(first.header, toldOf(all.map(({ header }) => header)));
}

/** One for each scheme that has such a failover. */
function chainsOf(group: readonly History[]): Chain[] {
  return inOrder(group.map(({ header }) => header.scheme)).flatMap((scheme) => {
    const history = group.find(({ header }) => header.scheme === scheme);
    const episode = history && typicalEpisode(episodesOf(history));
    return history === undefined || episode === undefined ? [] : chainOf(history, episode);
  });
}

function drawn(run: number, chains: readonly Chain[], conditions: string): Hero {
  const afterWait = chains.some(({ episode }) => waits(episode));
  const strips = chains.map((chain): Strip => {
    const origin = afterWait ? (chain.episode.firstNotified ?? 0) : 0;
    return { run, chain, rows: rowsOf(chain), origin };
  });
  const span = Math.max(1000, ...strips.map(({ chain, origin }) => endOf(chain) - origin));
  const fault = chains[0]?.header.fault ?? "";
  const title = `${happening(fault)}. Who wakes up?`;
  return { title, conditions, strips, from: -0.03 * span, to: 1.04 * span, afterWait };
}

function rowsOf({ line, episode }: Chain): Link[] {
  const rank = ({ candidate, notified }: Link) =>
    episode.victims.includes(candidate) ? -1 : (notified ?? Number.POSITIVE_INFINITY);
  return line.toSorted((a, b) => {
    const [one, other] = [rank(a), rank(b)];
    return one === other ? 0 : one - other;
  });
}

/** The time of the last thing to be seen. */
function endOf({ episode: { leads, settled, lasted, expects, at, until } }: Chain): number {
  const held = expects.contendersStay === true ? lasted : null;
  return Math.max(leads ?? 0, settled ?? 0, held ?? 0) || until - at;
}

/** How long two believed that they led, if they did. */
export function overlapOf({ overlap }: Episode): number | null {
  return overlap !== null && overlap > 0 ? overlap : null;
}

/** A figure of a strip: "24.0 ms", "to the new leader". */
export interface StripFigure {
  /** Empty if there is nothing to measure. */
  readonly value: string;
  readonly words: string;
  readonly tone: "plain" | "good" | "bad";
}

/** The number of those who woke comes first. */
export function figuresOf({ chain: { episode, line } }: Strip): readonly [StripFigure, ...StripFigure[]] {
  const { leads, settled, notified, expects, victims } = episode;
  const isLeft = expects.contendersStay !== true && victims.includes(line[0]?.candidate ?? -1);
  const overlap = overlapOf(episode);
  const figure = (value: string, words: string, tone: StripFigure["tone"]): StripFigure => ({
    ...{ value, words, tone },
  });
  return [
    figure(String(notified.length), "woken", "plain"),
    leads !== null
      ? figure(duration(leads), "to the new leader", "good")
      : figure("", isLeft ? "nobody new leads" : "the leader goes on", "good"),
    ...(settled === null || settled === 0 ? [] : [figure(duration(settled), "until all are quiet", "plain")]),
    ...(overlap === null ? [] : [figure(duration(overlap), "with two believers", "bad")]),
  ];
}

/** "49 woken, 24.0 ms to the new leader" */
export function figureText(strip: Strip): string {
  return figuresOf(strip)
    .map(({ value, words }) => `${value} ${words}`.trim())
    .join(", ");
}

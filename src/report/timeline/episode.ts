/**
 * One failover for the timeline and the chain: who was struck, who was woken, who leads, and when. Its numbers
 * are those of the metrics; this adds which candidates they belong to.
 */
import { explain } from "../../history/explained-windows.ts";
import type { History } from "../../history/history.ts";
import type { Expectation, Victims } from "../../history/strike.ts";
import { type RecordedTerm, struckTerm, termsOf } from "../../history/term.ts";
import { chronicleOf } from "../../history/told.ts";
import { endOf, notificationsIn, settledAt, successorIn, type Window } from "../../history/window.ts";
import { overlapOf } from "../../metrics/old-leader.ts";

/** Times are in nanoseconds; those that are not moments of the run count from the strike. */
export interface Episode {
  /** 0 for a warm-up. */
  readonly failover: number;
  readonly fault: string;
  readonly victims: Victims;
  readonly expects: Expectation;
  /** The time when the fault struck. */
  readonly at: number;
  /** How long the fault lasted; `null` if it was over at once, or nobody knows. */
  readonly lasted: number | null;
  /** The time when the window ended, or of its last known event. */
  readonly until: number;
  readonly end: "settled" | "aborted" | null;
  readonly successor: number | null;
  readonly firstNotified: number | null;
  readonly leads: number | null;
  /** The time when the last candidate waits again, or leads. */
  readonly settled: number | null;
  /** How long the old leader believed in its term after its successor's claim; `null` if not known. */
  readonly overlap: number | null;
  /** Notifications of the end that they watched for. */
  readonly notifications: number;
  /** Each candidate once, in the order of notification. */
  readonly notified: readonly number[];
  /** Candidates that were notified only of the new leader's announcement. */
  readonly told: readonly number[];
}

/** One for each strike, including warm-ups. */
export function episodesOf(history: Pick<History, "events" | "strikes">): Episode[] {
  const terms = termsOf(history);
  const episodes: Episode[] = [];
  explain(chronicleOf(history), {
    window(window, causes) {
      // What another contender's end has caused is no sign of this one's.
      episodes.push(episodeOf(window, causes.causedIn(window).herd[0], terms));
    },
  });
  return episodes;
}

function episodeOf(
  window: Window,
  first: { readonly at: number } | undefined,
  terms: readonly RecordedTerm[],
): Episode {
  const { strike, end } = window;
  const { failover, fault, victims, startedAt, expects } = strike;
  const claim = successorIn(window);
  const { herd, told } = notificationsIn(window);
  const notified = new Set(herd.map(({ candidate }) => candidate));
  const settled = settledAt(window);
  return {
    failover,
    fault,
    victims,
    expects,
    at: startedAt,
    lasted: strike.endedAt === null ? null : strike.endedAt - startedAt,
    until: endOf(window),
    end: end?.type ?? null,
    successor: claim?.candidate ?? null,
    firstNotified: first === undefined ? null : first.at - startedAt,
    leads: claim === null ? null : claim.at - startedAt,
    settled: settled === null ? null : settled - startedAt,
    overlap: overlapOf(struckTerm(terms, strike, claim), claim),
    notifications: herd.length,
    notified: [...notified],
    told: [...new Set(told.map(({ candidate }) => candidate))].filter((one) => !notified.has(one)),
  };
}

/** The failover that a moment belongs to: up to the next fault, since its consequences may come late. */
export function episodeAt(episodes: readonly Episode[], at: number): Episode | undefined {
  return episodes.findLast((episode) => episode.at <= at);
}

/** Whether nearly all of its time had passed before anybody was notified. */
export function waits(episode: Episode): boolean {
  const { firstNotified } = episode;
  const work = lastOf(episode) - (firstNotified ?? 0);
  return firstNotified !== null && firstNotified > 20 * work && work > 0;
}

function lastOf({ at, leads, settled, until }: Episode): number {
  return Math.max(leads ?? 0, settled ?? 0) || until - at;
}

/**
 * One failover as the timeline and the chain tell it: who was struck, who was woken, who leads, and when. Its
 * numbers are those of the metrics; what is added is which candidates they belong to.
 */
import type { EventOf } from "../../history/event.ts";
import type { History } from "../../history/history.ts";
import { termsOf } from "../../history/term.ts";
import { settledAt, type Window, windowsOf } from "../../history/window.ts";
import { type EventColumns, eventsOf, firstFrom, kindCode } from "./event-columns.ts";

/** Times in nanoseconds; those that are not moments of the run count from the fault. */
export interface Episode {
  /** 0 is a warm-up. */
  readonly failover: number;
  readonly victim: number;
  /** When the fault struck. */
  readonly at: number;
  /** When the window ended, or the last that is known of it. */
  readonly until: number;
  readonly end: "settled" | "aborted" | null;
  readonly successor: number | null;
  readonly firstNotified: number | null;
  readonly leads: number | null;
  /** The last candidate waits again, or leads. */
  readonly settled: number | null;
  /** From the successor's claim on, the victim believed in its own term for so long. */
  readonly overlap: number;
  /** Of the end that they watched for. */
  readonly notifications: number;
  /** Each once, in the order in which they were notified. */
  readonly notified: readonly number[];
  /** Who was notified of nothing but the new leader's announcement. */
  readonly told: readonly number[];
}

/** One for each fault, warm-ups included. */
export function episodesOf(history: History): Episode[] {
  const terms = termsOf(history);
  return windowsOf(history).map((window) => {
    const { fault, end, events } = window;
    const claim = claimOf(window);
    const all = events.filter((event) => event.type === "notified");
    const woken = all.filter(({ watch }) => watch !== "announcement");
    const [first] = woken;
    const notified = new Set(woken.map(({ candidate }) => candidate));
    const told = new Set(all.map(({ candidate }) => candidate));
    const settled = settledAt(window);
    const term = terms.findLast(({ candidate, from }) => candidate === fault.victim && from <= fault.at);
    const believedUntil = term?.until ?? 0;
    return {
      failover: fault.failover,
      victim: fault.victim,
      at: fault.at,
      until: end?.at ?? events.at(-1)?.at ?? fault.at,
      end: end?.type ?? null,
      successor: claim?.candidate ?? null,
      firstNotified: first === undefined ? null : first.at - fault.at,
      leads: claim === undefined ? null : claim.at - fault.at,
      settled: settled === null ? null : settled - fault.at,
      overlap: claim === undefined ? 0 : Math.max(0, believedUntil - claim.at),
      notifications: woken.length,
      notified: [...notified],
      told: [...told].filter((candidate) => !notified.has(candidate)),
    };
  });
}

function claimOf({ fault, end, events }: Window): EventOf<"claimed"> | undefined {
  if (end === null) return undefined;
  return events.find(
    (event): event is EventOf<"claimed"> => event.type === "claimed" && event.candidate !== fault.victim,
  );
}

/** The same from columns, of which only the few events that matter become objects. */
export function episodesIn(header: History["header"], columns: EventColumns): Episode[] {
  const events = eventsOf(columns, ["notified", "armed", "claimed", "ended", "fault", "settled", "aborted"]);
  return episodesOf({ header, events, remains: null, observations: null });
}

/** The failover that a moment belongs to: until the next fault, since its consequences may come late. */
export function episodeAt(episodes: readonly Episode[], at: number): Episode | undefined {
  return episodes.findLast((episode) => episode.at <= at);
}

/** How many events of a kind lie in a stretch of time. */
export function countOf(
  columns: EventColumns,
  kind: "notified" | "reading",
  from: number,
  to: number,
): number {
  const code = kindCode(kind);
  let count = 0;
  for (let i = firstFrom(columns.at, from); i < columns.length && (columns.at[i] ?? 0) <= to; i++) {
    if (columns.kind[i] === code) count++;
  }
  return count;
}

/**
 * The stretch of time that shows a failover closely: from the fault until all have settled. Where a session
 * had to expire first, that wait is left out, since all else would be no wider than a pixel.
 */
export function closeUp({ at, firstNotified, leads, settled, until }: Episode): { from: number; to: number } {
  const last = Math.max(leads ?? 0, settled ?? 0) || until - at;
  const work = last - (firstNotified ?? 0);
  const waits = firstNotified !== null && firstNotified > 20 * work && work > 0;
  const from = waits ? firstNotified : 0;
  const span = Math.max(1000, last - from);
  return { from: at + from - 0.07 * span, to: at + last + 0.18 * span };
}

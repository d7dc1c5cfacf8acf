/**
 * The line of contenders through one real failover, step by step: who stands in it, what each watches, and
 * what the fault sets off. Read from the history alone.
 */
import type { Event } from "../../history/event.ts";
import type { History } from "../../history/history.ts";
import { type Episode, episodesOf } from "./episode.ts";

/** A contender's sequence, or the child list of the election. */
export type Watched = number | "children";

/** A contender, as it stood when the fault struck, and what then became of it. Times count from the fault. */
export interface Link {
  readonly candidate: number;
  readonly sequence: number;
  readonly watches: Watched | null;
  readonly notified: number | null;
  /** The first list that it asked for after that, until it had it. */
  readonly reading: number | null;
  readonly read: number | null;
  readonly leads: number | null;
  readonly armed: number | null;
  /** What it watches in the end. */
  readonly watchesThen: Watched | null;
}

export interface Chain {
  readonly header: History["header"];
  readonly episode: Episode;
  /** The leader first. */
  readonly line: readonly Link[];
}

/** The failover whose time is nearest to the median: neither the luckiest nor the worst. */
export function typicalEpisode(history: Pick<History, "events" | "strikes">): Episode | undefined {
  const time = ({ leads, settled }: Episode) => leads ?? settled ?? 0;
  const sorted = episodesOf(history)
    .filter(({ failover, end }) => failover > 0 && end === "settled")
    .sort((a, b) => time(a) - time(b));
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

export function chainOf(history: Pick<History, "header" | "events">, episode: Episode): Chain {
  const { header, events } = history;
  const before = lineBefore(events.filter(({ at }) => at < episode.at));
  const window = events.filter(({ at }) => at >= episode.at && at <= episode.until);
  const line = before.map((contender) => becameOf(contender, window, episode.at));
  return { header, episode, line };
}

interface Contender {
  readonly candidate: number;
  readonly sequence: number;
  readonly watches: Watched | null;
}

function lineBefore(events: readonly Event[]): Contender[] {
  const standing = new Map<number, Contender>();
  const watch = (candidate: number, watches: Watched | null) => {
    const contender = standing.get(candidate);
    if (contender !== undefined) standing.set(candidate, { ...contender, watches });
  };
  for (const event of events) {
    const { candidate } = event;
    switch (event.type) {
      case "created":
      case "claimed":
        standing.set(candidate, { candidate, sequence: event.sequence, watches: null });
        break;
      case "armed":
        watch(candidate, watchedBy(event));
        break;
      case "notified":
        // After an announcement, the contender waits for the same one as before.
        if (event.watch !== "announcement") watch(candidate, null);
        break;
      case "removed":
      case "expired":
      case "closed":
        standing.delete(candidate);
        break;
    }
  }
  // In 32 bits, as the server counts: see election/contenders.ts.
  return [...standing.values()].sort((a, b) => a.sequence - b.sequence);
}

function watchedBy(event: Extract<Event, { type: "armed" }>): Watched {
  return event.watch === "children" ? "children" : event.sequence;
}

function becameOf(contender: Contender, window: readonly Event[], fault: number): Link {
  const own = window.filter(({ candidate }) => candidate === contender.candidate);
  const after = (event: Event | undefined) => (event === undefined ? null : event.at - fault);
  const reading = own.find(
    (event) => event.type === "reading" && (event.cause === "notified" || event.cause === "vanished"),
  );
  const armed = own.findLast((event) => event.type === "armed");
  const leads = own.find(({ type }) => type === "claimed");
  return {
    ...contender,
    notified: after(own.find((event) => event.type === "notified" && event.watch !== "announcement")),
    reading: after(reading),
    read: after(own.find(({ type, at }) => type === "read" && reading !== undefined && at >= reading.at)),
    leads: after(leads),
    armed: after(armed),
    watchesThen: armed?.type === "armed" ? watchedBy(armed) : leads !== undefined ? null : contender.watches,
  };
}

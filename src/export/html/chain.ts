/**
 * The line of contenders through one real failover, step by step: who stands in it, what each one watches, and
 * what the fault causes.
 */
import type { Event } from "../../history/event.ts";
import type { History } from "../../history/history.ts";
import { type CandidateInLine, Line, type Watched } from "../../history/line.ts";
import type { Episode } from "./episode.ts";

/** A contender when the fault struck, and what then happened to it. Times count from the fault. */
export interface Link {
  readonly candidate: number;
  readonly sequence: number;
  readonly watches: Watched | null;
  readonly notified: number | null;
  /** The time from its first request for a list after that, until it had the list. */
  readonly reading: number | null;
  readonly read: number | null;
  readonly leads: number | null;
  readonly armed: number | null;
  /** The znode that it watches at the end. */
  readonly watchesThen: Watched | null;
}

export interface Chain {
  readonly header: History["header"];
  readonly episode: Episode;
  /** The leader first. */
  readonly line: readonly Link[];
}

/** The failover whose time is nearest to the median: neither the luckiest nor the worst. */
export function typicalEpisode(episodes: readonly Episode[]): Episode | undefined {
  const time = ({ leads, settled }: Episode) => leads ?? settled ?? 0;
  const sorted = episodes
    .filter(({ failover, end }) => failover > 0 && end === "settled")
    .sort((a, b) => time(a) - time(b));
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

export function chainOf(history: Pick<History, "header" | "events">, episode: Episode): Chain {
  const { header, events } = history;
  const line = new Line();
  for (const event of events) if (event.at < episode.at) line.event(event);
  const before = line.contenders;
  const window = events.filter(({ at }) => at >= episode.at && at <= episode.until);
  for (const event of window) line.event(event);
  return { header, episode, line: before.map((contender) => becameOf(contender, window, line, episode.at)) };
}

function becameOf(
  { candidate, sequence, watches }: CandidateInLine,
  window: readonly Event[],
  then: Line,
  fault: number,
): Link {
  const own = window.filter((event) => event.candidate === candidate);
  const after = (event: Event | undefined) => (event === undefined ? null : event.at - fault);
  const reading = own.find(
    (event) => event.type === "reading" && (event.cause === "notified" || event.cause === "vanished"),
  );
  return {
    candidate,
    sequence,
    watches,
    notified: after(own.find((event) => event.type === "notified" && event.watch !== "announcement")),
    reading: after(reading),
    read: after(own.find(({ type, at }) => type === "read" && reading !== undefined && at >= reading.at)),
    leads: after(own.find(({ type }) => type === "claimed")),
    armed: after(own.findLast(({ type }) => type === "armed")),
    watchesThen: then.candidates.get(candidate)?.watches ?? null,
  };
}

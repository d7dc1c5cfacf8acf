/**
 * The line of contenders through one real failover, step by step: who stands in it, what each one watches, and
 * what the fault causes.
 */
import { groupOf } from "../../faults/fault-group.ts";
import { faultNamed } from "../../faults/faults.ts";
import type { Event } from "../../history/event.ts";
import type { History } from "../../history/history.ts";
import { type CandidateInLine, Line, type Watched } from "../../history/line.ts";
import type { Episode } from "../timeline/episode.ts";

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
  /** The end of that term, if it ends in the same failover, as when several are struck one after the other. */
  readonly ended: number | null;
  readonly armed: number | null;
  /** When it first leads, or waits again, after it was notified. */
  readonly rests: number | null;
  /** The time during which it cannot reach the servers, if there is one. */
  readonly cut: Cut | null;
  /** The znode that it watches at the end. */
  readonly watchesThen: Watched | null;
}

/**
 * `struck`: the fault cuts its path to the servers. `lost`: it has lost its connection, since a server is down.
 * Times count from the fault; it has no end if it outlasts the failover.
 */
export interface Cut {
  readonly why: "struck" | "lost";
  readonly from: number;
  readonly to: number | null;
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
  return { header, episode, line: before.map((contender) => becameOf(contender, window, line, episode)) };
}

function becameOf(
  { candidate, sequence, watches }: CandidateInLine,
  window: readonly Event[],
  then: Line,
  episode: Episode,
): Link {
  const own = window.filter((event) => event.candidate === candidate);
  const after = (event: Event | undefined) => (event === undefined ? null : event.at - episode.at);
  const reading = own.find(
    (event) => event.type === "reading" && (event.cause === "notified" || event.cause === "vanished"),
  );
  const notified = own.find((event) => event.type === "notified" && event.watch !== "announcement");
  const claimed = own.find(({ type }) => type === "claimed");
  const since = (earlier: Event | undefined, ...types: readonly Event["type"][]) =>
    after(own.find(({ type, at }) => earlier !== undefined && at >= earlier.at && types.includes(type)));
  return {
    candidate,
    sequence,
    watches,
    notified: after(notified),
    reading: after(reading),
    read: since(reading, "read"),
    leads: after(claimed),
    ended: since(claimed, "ended"),
    armed: after(own.findLast(({ type }) => type === "armed")),
    rests: since(notified, "armed", "claimed"),
    cut: cutOf(candidate, own, episode),
    watchesThen: then.candidates.get(candidate)?.watches ?? null,
  };
}

/** What a fault of the network cuts shows only in the strike: a candidate notices it much later, or never. */
function cutOf(
  candidate: number,
  own: readonly Event[],
  { fault, victims, at, lasted }: Episode,
): Cut | null {
  const known = faultNamed(fault);
  if (known !== undefined && groupOf(known) === "network" && victims.includes(candidate))
    return { why: "struck", from: 0, to: lasted };
  const lost = own.find(({ type }) => type === "suspended");
  if (lost === undefined) return null;
  const back = own.find((event) => event.type === "connected" && event.at > lost.at);
  return { why: "lost", from: lost.at - at, to: back === undefined ? null : back.at - at };
}

/** The timeline's texts: for an event, a failover, or a stretch of time. */

import { trialText } from "../../history/conditions.ts";
import { type Event, type EventKind, eventKinds } from "../../history/event.ts";
import { plural } from "../wording.ts";
import type { Episode } from "./episode.ts";
import { serversSentence } from "./server-words.ts";
import { duration } from "./time-scale.ts";
import type { TrialView } from "./trial-view.ts";

/** Labels beside an event's tick. */
const labels: Partial<Record<EventKind, string>> = {
  claimed: "leads",
  notified: "notified",
  wrote: "writes over its successor",
  refused: "write refused",
  ended: "term ends",
  removed: "znode deleted",
  read: "has the list",
  reading: "asks for the list",
  removing: "deletes its znode",
  armed: "waits",
  announced: "announces that it leads",
  created: "joins",
  expired: "session expired",
  suspended: "connection lost",
  thawed: "goes on",
  closing: "closes",
};

/** The kinds that are labelled beside their ticks; the most important ones find room first. */
export const labelledKinds = Object.keys(labels) as EventKind[];

export function labelOf(kind: EventKind): string {
  return labels[kind] ?? kind;
}

/** "watch contender, sequence 4"; empty if an event has no values. */
export function valuesOf(event: Event): string {
  const values = event as unknown as Readonly<Record<string, unknown>>;
  return Object.keys(eventKinds[event.type])
    .map((name) => `${name} ${String(values[name])}`)
    .join(", ");
}

export function trialName({ header }: Pick<TrialView, "header">): string {
  return trialText(header);
}

/** "Failover 3 of 30", or "Warm-up". */
function failoverName({ failover }: Episode, { header, episodes }: TrialView): string {
  if (failover === 0) return "Warm-up";
  const shown = episodes.filter((episode) => episode.failover > 0).length;
  return `Failover ${failover} of ${Math.max(shown, header.failovers)}`;
}

export function failoverSentence(episode: Episode, view: TrialView): string {
  const where = `${failoverName(episode, view)}, trial ${view.header.trial}: ${trialName(view)}.`;
  return `${where} ${outcomeSentence(episode)}${staleSentence(episode, view)}${serversSentence(episode, view)}`;
}

/** Describes late writes, up to the next fault. */
function staleSentence(episode: Episode, { stale, episodes }: TrialView): string {
  const next = episodes[episodes.indexOf(episode) + 1]?.at ?? Number.POSITIVE_INFINITY;
  const here = stale.filter(({ at }) => at >= episode.at && at < next);
  if (here.length === 0) return "";
  const accepted = here.filter(({ outcome }) => outcome.type === "accepted").length;
  const tried = here.length === 1 ? "1 stale write" : `${here.length} stale writes`;
  return ` ${tried} tried, ${accepted === 0 ? "none" : accepted} accepted over a successor's.`;
}

function outcomeSentence(episode: Episode): string {
  const { successor, leads, notifications, told, overlap, end, failover } = episode;
  const woken = `${notifications} notified${told.length === 0 ? "" : `, ${told.length} told who leads`}`;
  if (successor === null || leads === null) {
    if (end === "settled") return `Nobody new leads; ${woken}.`;
    return end === null ? `The trial was interrupted in it; ${woken}.` : `Nobody new led in time; ${woken}.`;
  }
  const late =
    overlap === null
      ? " For how long the victim still believed that it leads is not known."
      : overlap > 0
        ? ` The victim still believed that it leads for ${duration(overlap)}.`
        : "";
  const aside = failover === 0 ? " Not counted." : "";
  return `Candidate ${successor} leads after ${duration(leads)}; ${woken}.${late}${aside}`;
}

export function trialSentence(view: TrialView): string {
  const { header, episodes, columns, leftOut } = view;
  const counted = episodes.filter(({ failover }) => failover > 0).length;
  const warmUps = episodes.length - counted;
  const and = warmUps === 0 ? "" : ` and ${plural(warmUps, "warm-up")}`;
  const missing = leftOut === 0 ? "" : ` ${leftOutSentence(view)}`;
  return `Trial ${header.trial}: ${trialName(view)}. ${plural(counted, "failover")}${and}, ${plural(columns.length, "event")}.${missing}`;
}

function leftOutSentence({ header, leftOut, columns, episodes }: TrialView): string {
  const all = (leftOut + columns.length).toLocaleString("en");
  const shown = episodes.filter(({ failover }) => failover > 0).length;
  return `${leftOut.toLocaleString("en")} of its ${all} events are left out of this page (it shows ${shown} of ${header.failovers} failovers): history.jsonl.gz has them.`;
}

/// <reference lib="dom" />
/** The small note beside an event: what it was, whose, when, and with which values; or about a server. */

import { eventAt } from "../../history/columns.ts";
import { episodeAt } from "../timeline/episode.ts";
import { servesWords, stretchAt, stretchWords, whereWords } from "../timeline/server-words.ts";
import { exactDuration } from "../timeline/time-scale.ts";
import { valuesOf } from "../timeline/timeline-words.ts";
import type { TrialView } from "../timeline/trial-view.ts";
import { type Point, writeTip } from "./tip.ts";

export function showTip(tip: HTMLElement, view: TrialView, index: number, point: Point): void {
  const event = eventAt(view.columns, index);
  const who = event.candidate < 0 ? "coordinator" : `candidate ${event.candidate}`;
  const where = view.servers && whereWords(view.servers, event.candidate, event.at);
  const lines = [momentOf(view, event.at), valuesOf(event), where ?? ""];
  writeTip(tip, `${event.type}, ${who}`, lines, point);
}

/** What a server did at a moment, and whom it served. */
export function showServer(
  tip: HTMLElement,
  view: TrialView,
  server: number,
  at: number,
  point: Point,
): void {
  const now = view.servers && stretchAt(view.servers, server, at);
  if (!view.servers || !now || at > now.to) {
    tip.hidden = true;
    return;
  }
  const title = `server ${server} ${stretchWords({ ...now, serves: 0 })}`;
  writeTip(tip, title, [momentOf(view, at), servesWords(view.servers, server, at)], point);
}

function momentOf(view: TrialView, at: number): string {
  const episode = episodeAt(view.episodes, at);
  if (episode === undefined) return `${exactDuration(at - view.begin)} after the trial's first event`;
  if (at === episode.at) return "the fault itself";
  const which = episode.failover === 0 ? "a warm-up" : `failover ${episode.failover}`;
  return `${exactDuration(at - episode.at)} after the fault of ${which}`;
}

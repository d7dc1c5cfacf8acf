/// <reference lib="dom" />
/** The small note beside an event: what it was, whose, exactly when, and with which values. */

import { eventAt } from "../../../history/columns.ts";
import { episodeAt } from "../episode.ts";
import { exactDuration } from "../time-scale.ts";
import { valuesOf } from "../timeline-words.ts";
import type { TrialView } from "../trial-view.ts";
import { textIn } from "./page-parts.ts";

export function showTip(
  tip: HTMLElement,
  view: TrialView,
  index: number,
  place: { x: number; y: number },
): void {
  const event = eventAt(view.columns, index);
  const who = event.candidate < 0 ? "coordinator" : `candidate ${event.candidate}`;
  const episode = episodeAt(view.episodes, event.at);
  const origin =
    episode === undefined
      ? `${exactDuration(event.at - view.begin)} after the trial's first event`
      : event.at === episode.at
        ? "the fault itself"
        : `${exactDuration(event.at - episode.at)} after the fault of ${
            episode.failover === 0 ? "a warm-up" : `failover ${episode.failover}`
          }`;
  const values = valuesOf(event);
  tip.replaceChildren(
    textIn("b", `${event.type}, ${who}`),
    textIn("span", origin),
    ...(values === "" ? [] : [textIn("span", values)]),
  );
  tip.hidden = false;
  const stage = tip.parentElement;
  if (stage === null) return;
  const left =
    place.x + 14 + tip.offsetWidth > stage.clientWidth ? place.x - 14 - tip.offsetWidth : place.x + 14;
  const top =
    place.y + 14 + tip.offsetHeight > stage.clientHeight ? place.y - 10 - tip.offsetHeight : place.y + 14;
  tip.style.left = `${Math.max(2, left)}px`;
  tip.style.top = `${Math.max(2, top)}px`;
}

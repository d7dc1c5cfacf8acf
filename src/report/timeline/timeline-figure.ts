/** Two failovers side by side as a still picture, for a page without JavaScript and for paper. */

import { sameConditions } from "../../history/conditions.ts";
import type { History } from "../../history/history.ts";
import { eventsOfTrial } from "../data-scripts.ts";
import { html, type Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { svg, svgMarkup } from "../svg.ts";
import { SvgSurface } from "./drawing-surface.ts";
import { closeUp, type Episode } from "./episode.ts";
import { lanesOf, serversHeight } from "./lanes.ts";
import { drawTimeline } from "./timeline-drawing.ts";
import { HEAD_HEIGHT } from "./timeline-picture.ts";
import { failoverSentence } from "./timeline-words.ts";
import { type TrialView, trialView } from "./trial-view.ts";

const WIDTH = 760;
const MARGIN = 72;

/** The first failover of the first trial, and its counterpart under the scheme that wakes the most. */
export function stillFigures([run]: readonly ReportRun[]): Markup {
  const histories = run?.histories ?? [];
  const first = histories.find(({ strikes }) => strikes.length > 0);
  if (first === undefined) return html`<p>No trial of this run has a failover to show.</p>`;
  const { header } = first;
  const herd = histories
    .filter((other) => other.header.scheme !== header.scheme && sameConditions(other.header, header))
    .toSorted((a, b) => wokenIn(b) - wokenIn(a))[0];
  const shown = [first, ...(herd === undefined ? [] : [herd])].flatMap((history) => {
    const view = trialView(eventsOfTrial(history));
    const episode = view.episodes.find(({ failover }) => failover > 0) ?? view.episodes[0];
    return episode === undefined ? [] : [{ view, episode }];
  });
  // Both use one scale; otherwise the slower would look as fast as the other.
  const span = Math.max(...shown.map(({ episode }) => closeUp(episode).to - closeUp(episode).from));
  return html`${shown.map(({ view, episode }) => {
    const { from } = closeUp(episode);
    return figure(view, episode, from < episode.at ? episode.at - 0.06 * span : from, span);
  })}`;
}

/** The number by the scheme's own rule. */
function wokenIn({ strikes }: History): number {
  return strikes[0]?.expects.notifications ?? 0;
}

function figure(view: TrialView, episode: Episode, from: number, span: number): Markup {
  const { candidates } = view.header;
  const servers = view.servers?.courses.length ?? 0;
  const lanes = lanesOf({
    candidates,
    episode,
    involvedOnly: false,
    tall: false,
    servers,
    height: Math.min(320, 150 + 14 * candidates) + serversHeight(servers),
  });
  const height = HEAD_HEIGHT + lanes.height + 8;
  const scale = { from, to: from + span, left: MARGIN, width: WIDTH - MARGIN - 4 };
  const surface = new SvgSurface();
  drawTimeline(surface, { view, scale, lanes, scroll: 0, width: WIDTH, height, episode, mark: null });
  const sentence = failoverSentence(episode, view);
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": sentence },
    ...surface.nodes,
  );
  return html`<figure><figcaption>${sentence}</figcaption><div class="timeline-still">${svgMarkup(picture)}</div></figure>`;
}

/** Two failovers on one axis as a still picture, for a page without JavaScript and for paper. */

import { eventsOfTrial } from "../data-scripts.ts";
import { html, type Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { svg, svgMarkup } from "../svg.ts";
import { axisOf, type Scene } from "./axis.ts";
import { counterpartOf } from "./counterpart.ts";
import { SvgSurface } from "./drawing-surface.ts";
import type { Episode } from "./episode.ts";
import { lanesOf, serversHeight } from "./lanes.ts";
import { scaleOf, type TimeScale } from "./time-scale.ts";
import { drawTimeline } from "./timeline-drawing.ts";
import { AXIS_HEIGHT, HEAD_HEIGHT } from "./timeline-picture.ts";
import { failoverSentence } from "./timeline-words.ts";
import { trialView } from "./trial-view.ts";

const WIDTH = 760;
const MARGIN = 72;

/** The first failover of the first trial, over its counterpart. */
export function stillFigures([run]: readonly ReportRun[]): Markup {
  const histories = run?.histories ?? [];
  const first = histories.find(({ strikes }) => strikes.length > 0);
  if (first === undefined) return html`<p>No trial of this run has a failover to show.</p>`;
  const other = counterpartOf(histories, first, (history) => history);
  const scenes = [first, ...(other === undefined ? [] : [other])].flatMap((history) => {
    const view = trialView(eventsOfTrial(history));
    const episode = view.episodes.find(({ failover }) => failover > 0) ?? view.episodes[0];
    return episode === undefined ? [] : [{ view, episode, mark: null }];
  });
  const axis = axisOf(scenes);
  return html`${scenes.map((scene, index) => {
    const place = { left: MARGIN, width: WIDTH - MARGIN - 4 };
    return figure(scene, scaleOf(scene.episode.at, axis, place, axis.cuts[index]), index === 0);
  })}`;
}

function figure(
  { view, episode, mark }: Scene & { readonly episode: Episode },
  scale: TimeScale,
  withAxis: boolean,
): Markup {
  const { candidates } = view.header;
  const servers = view.servers?.courses.length ?? 0;
  const lanes = lanesOf({
    candidates,
    episode,
    unfolded: false,
    tall: false,
    servers,
    height: Math.min(320, 150 + 14 * candidates) + serversHeight(servers),
  });
  const height = HEAD_HEIGHT + lanes.height + 8;
  const surface = new SvgSurface();
  drawTimeline(surface, { view, scale, lanes, scroll: 0, width: WIDTH, height, episode, mark });
  const sentence = failoverSentence(episode, view);
  const top = withAxis ? 0 : AXIS_HEIGHT;
  const picture = svg(
    "svg",
    { viewBox: `0 ${top} ${WIDTH} ${height - top}`, role: "img", "aria-label": sentence },
    ...surface.nodes,
  );
  return html`<figure><figcaption>${sentence}</figcaption><div class="timeline-still">${svgMarkup(picture)}</div></figure>`;
}

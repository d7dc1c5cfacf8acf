/** Everything around the lanes of a timeline: the axis, the faults' names, the margin, a mark. */

import type { Surface, TextStyle } from "./drawing-surface.ts";
import { serversHeight } from "./lanes.ts";
import { drawStrikeBars } from "./strike-spans.ts";
import { duration, ticksOf, xOf } from "./time-scale.ts";
import { AXIS_HEIGHT, HEAD_HEIGHT, inkOf, type Picture, placeOf, stretch } from "./timeline-picture.ts";

const small: TextStyle = { ink: "muted", size: 11 };

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Drawn over any lanes that were scrolled beneath it. */
export function drawFrame(surface: Surface, picture: Picture): void {
  drawHead(surface, picture);
  drawWaits(surface, picture);
  drawMargin(surface, picture);
  drawMark(surface, picture);
}

function drawHead(surface: Surface, picture: Picture): void {
  const { view, scale, width, episode } = picture;
  surface.fill("paper");
  surface.rect(0, 0, width, HEAD_HEIGHT - 2);
  const origin = episode?.at ?? view.begin;
  let free = Number.NEGATIVE_INFINITY;
  for (const { at, label } of ticksOf(scale, origin)) {
    const x = xOf(scale, at);
    surface.fill("line");
    surface.rect(x, AXIS_HEIGHT - 6, 1, 6);
    const half = surface.textWidth(label, small) / 2;
    if (x - half < Math.max(scale.left, free) || x + half > width) continue;
    surface.text(x, 13, label, { ...small, align: "middle" });
    free = x + half + 8;
  }
  surface.fill("line");
  surface.rect(scale.left, AXIS_HEIGHT, scale.width, 1);
  drawFaultNames(surface, picture);
  drawStrikeBars(surface, picture);
}

/** How long each wait was that the axis leaves out. */
function drawWaits(surface: Surface, { scale }: Picture): void {
  const cuts = scale.cuts ?? [];
  for (const [index, { from, to }] of cuts.entries()) {
    if (from < scale.from || to > scale.to) continue;
    const style: TextStyle = { ink: "ink", size: 11 };
    const x = xOf(scale, from);
    const next = cuts[index + 1];
    const end = next === undefined ? scale.left + scale.width : xOf(scale, next.from) - 8;
    const wait = duration(to - from);
    const text = [`${wait} of waiting`, wait].find((some) => x + 8 + surface.textWidth(some, style) < end);
    if (text !== undefined) surface.text(x + 8, 38, text, style);
    surface.text(x, AXIS_HEIGHT - 2, "//", { ...style, align: "middle", bold: true });
  }
}

function drawFaultNames(surface: Surface, { view, scale, episode: current }: Picture): void {
  if (view.enrolled !== null && view.enrolled > scale.from) {
    const end = xOf(scale, Math.min(view.enrolled, scale.to));
    const joining: TextStyle = { ...small, align: "end" };
    if (surface.textWidth("all join", joining) + 8 < end - scale.left)
      surface.text(end - 4, 38, "all join", joining);
  }
  view.episodes.forEach((episode, index) => {
    const until = view.episodes[index + 1]?.at ?? view.finish;
    // The break of a wait has its own text.
    const wait = scale.cuts?.find(({ from }) => from > episode.at)?.from ?? until;
    const band = stretch(scale, episode.at, Math.min(until, wait));
    if (band === null) return;
    const bold = episode === current;
    const style: TextStyle = { ...small, ink: inkOf(episode), bold };
    const before = episode.at < scale.from ? `${duration(scale.from - episode.at)} after: ` : "";
    const name = episode.failover === 0 ? "warm-up" : `failover ${episode.failover}`;
    const number = episode.failover === 0 ? "" : String(episode.failover);
    const label = [`${before}${episode.fault}, ${name}`, name, number].find(
      (text) => surface.textWidth(text, style) + 6 < band.width,
    );
    surface.fill(inkOf(episode), episode.at < scale.from ? 0.3 : 0.9);
    surface.rect(band.x, AXIS_HEIGHT + 1, 1, HEAD_HEIGHT - AXIS_HEIGHT - 3);
    if (label !== undefined) surface.text(band.x + 4, 38, label, style);
  });
}

/** Shows which lane belongs to which candidate. */
function drawMargin(surface: Surface, picture: Picture): void {
  const { lanes, scroll, scale, height } = picture;
  surface.fill("paper");
  surface.rect(0, HEAD_HEIGHT - 2, scale.left - 1, height);
  const right: TextStyle = { ...small, align: "end" };
  // Below the servers' lanes it moves with them; else it stays in the head.
  const aside = lanes.servers.length === 0 ? 0 : serversHeight(lanes.servers.length) - scroll;
  if (aside >= 0) surface.text(scale.left - 8, 38 + aside, "candidate", right);
  for (const { server, top, height: tall } of lanes.servers) {
    const base = HEAD_HEIGHT + top - scroll + tall - 6;
    if (base > HEAD_HEIGHT + 6 && base < height)
      surface.text(scale.left - 8, base, `server ${server}`, right);
  }
  for (const group of lanes.groups) {
    if (group.lanes.length === 0) {
      const foot = HEAD_HEIGHT + group.top - scroll + group.height / 2 + 4;
      surface.text(scale.left + 8, foot, `▸ ${group.count} ${group.label}`, { ink: "ink", size: 12 });
      continue;
    }
    const every = labelEvery(group.lanes[0]?.height ?? 0, picture.episode === null);
    const top = HEAD_HEIGHT + group.top - scroll;
    group.lanes.forEach((lane, index) => {
      const { y, height: tall } = placeOf(lane, scroll);
      const number = String(lane.candidate);
      const base = y + tall / 2 + 4;
      if (lane.named) {
        surface.text(scale.left - 8, base, number, { ...right, ink: "ink", bold: true });
        surface.text(scale.left - 8, y - 4, group.label, right);
      } else if (every > 0 && index % every === 0 && base > HEAD_HEIGHT + 6 && base < height) {
        surface.text(scale.left - 8, base, number, right);
      }
    });
    if (every === 0 && group.height >= 14) {
      const middle = clamp(top + group.height / 2, HEAD_HEIGHT + 12, height - 18);
      surface.text(scale.left - 8, middle, String(group.count), { ...right, bold: true });
      surface.text(scale.left - 8, middle + 13, group.label, right);
    }
  }
  drawScrollBar(surface, picture);
}

/** A few numbers represent all if they are in order; in another order single numbers say nothing. */
function labelEvery(laneHeight: number, numbered: boolean): number {
  if (laneHeight >= 11) return 1;
  if (!numbered) return 0;
  return [2, 5, 10, 20, 50, 100, 200, 500].find((every) => every * laneHeight >= 14) ?? 1000;
}

function drawScrollBar(surface: Surface, { lanes, scroll, width, height }: Picture): void {
  const visible = height - HEAD_HEIGHT;
  if (lanes.height <= visible) return;
  surface.fill("muted", 0.5);
  const share = visible / lanes.height;
  surface.rect(width - 4, HEAD_HEIGHT + scroll * share, 3, Math.max(16, visible * share));
}

function drawMark(surface: Surface, { mark, scale, height, view }: Picture): void {
  if (mark === null || mark < scale.from || mark > scale.to) return;
  const x = xOf(scale, mark);
  surface.fill("ink");
  surface.rect(x - 0.5, AXIS_HEIGHT - 4, 1.5, height);
  const message = view.violations.find(({ at }) => at === mark) === undefined ? "here" : "violation";
  const style: TextStyle = { ink: "ink", size: 11, bold: true };
  const width = surface.textWidth(message, style) + 8;
  const left = Math.min(x, scale.left + scale.width - width);
  surface.rect(left, height - 18, width, 18);
  surface.text(left + 4, height - 5, message, { ...style, ink: "paper" });
}

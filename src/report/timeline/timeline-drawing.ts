/**
 * Draws a timeline: the visible part of a trial, lane by lane. The canvas and the static figure share this
 * drawing.
 */

import { firstFrom, kindCodes } from "../../history/columns.ts";
import type { EventKind } from "../../history/event.ts";
import type { Ink } from "../palette.ts";
import { schemeInk } from "../scheme-style.ts";
import type { Surface } from "./drawing-surface.ts";
import { drawLabels } from "./lane-labels.ts";
import { drawServerLanes } from "./server-lanes.ts";
import { drawStrikeSpans } from "./strike-spans.ts";
import { xOf } from "./time-scale.ts";
import { drawFrame } from "./timeline-frame.ts";
import {
  AXIS_HEIGHT,
  HEAD_HEIGHT,
  inkOf,
  type Picture,
  type Place,
  placeOf,
  stretch,
} from "./timeline-picture.ts";

export function drawTimeline(surface: Surface, picture: Picture): void {
  const { width, height } = picture;
  surface.fill("paper");
  surface.rect(0, 0, width, height);
  drawFaults(surface, picture);
  drawLanes(surface, picture);
  drawServerLanes(surface, picture);
  const places = visiblePlaces(picture);
  drawTerms(surface, picture, places);
  drawReads(surface, picture, places);
  drawStrikeSpans(surface, picture);
  drawStrikes(surface, picture);
  for (const tick of tickKinds) drawTicks(surface, picture, places, tick);
  drawHarm(surface, picture, places);
  drawBreaks(surface, picture);
  drawLabels(surface, picture);
  drawFrame(surface, picture);
}

function visiblePlaces({ lanes, scroll, height, view }: Picture): (Place | undefined)[] {
  const places: (Place | undefined)[] = new Array(view.header.candidates).fill(undefined);
  for (const lane of lanes.of.values()) {
    const place = placeOf(lane, scroll);
    if (place.y + place.height > HEAD_HEIGHT && place.y < height) places[lane.candidate] = place;
  }
  return places;
}

function drawFaults(surface: Surface, { view, scale, height }: Picture): void {
  for (const episode of view.episodes) {
    const { at, settled, until } = episode;
    const band = stretch(scale, at, settled === null ? until : at + settled);
    if (band === null) continue;
    surface.fill(inkOf(episode), 0.08);
    surface.rect(band.x, AXIS_HEIGHT, band.width, height - AXIS_HEIGHT);
  }
}

/** The moment itself, over the lanes. */
function drawStrikes(surface: Surface, { view, scale, height }: Picture): void {
  for (const episode of view.episodes) {
    if (episode.at < scale.from || episode.at > scale.to) continue;
    surface.fill(inkOf(episode), 0.8);
    surface.rect(xOf(scale, episode.at), AXIS_HEIGHT, 1, height - AXIS_HEIGHT);
  }
}

/** A thin line under each lane that is high enough to need one. */
function drawLanes(surface: Surface, { lanes, scroll, scale, height }: Picture): void {
  for (const group of lanes.groups) {
    if (group.lanes.length === 0) {
      surface.fill("band");
      surface.rect(scale.left, HEAD_HEIGHT + group.top - scroll, scale.width, group.height);
    }
    surface.fill("line", 0.6);
    for (const lane of group.lanes) {
      if (lane.height < 8) continue;
      const place = placeOf(lane, scroll);
      const y = place.y + place.height + 1;
      if (y > HEAD_HEIGHT && y < height) surface.rect(scale.left, y, scale.width, 1);
    }
  }
}

const BREAK = 7;

/** A gap through all lanes where the axis leaves out a wait. */
function drawBreaks(surface: Surface, { scale, height }: Picture): void {
  for (const { from, to } of scale.cuts ?? []) {
    if (from < scale.from || to > scale.to) continue;
    const x = xOf(scale, from) - BREAK / 2;
    surface.fill("paper");
    surface.rect(x, AXIS_HEIGHT, BREAK, height);
    surface.fill("muted");
    for (const side of [x, x + BREAK]) surface.rect(side, HEAD_HEIGHT - 2, 1, height);
  }
}

function drawTerms(surface: Surface, { view, scale }: Picture, places: (Place | undefined)[]): void {
  const ink = schemeInk(view.header.scheme);
  for (const { candidate, from, until, leaseUntil } of view.terms) {
    const place = places[candidate];
    if (place === undefined) continue;
    const end = until ?? view.finish;
    // From there on the candidate believes that it leads, but may not act.
    const lapse = Math.min(end, Math.max(from, leaseUntil ?? end));
    for (const [opacity, bar] of [
      [0.85, stretch(scale, from, lapse)],
      [0.3, lapse < end ? stretch(scale, lapse, end) : null],
    ] as const) {
      surface.fill(ink, opacity);
      if (bar !== null) surface.rect(bar.x, place.y, bar.width, place.height);
    }
  }
}

/** An old leader's writes over its successor's, drawn above everything else. */
function drawHarm(surface: Surface, { view, scale }: Picture, places: (Place | undefined)[]): void {
  surface.fill("bad");
  for (const { at, candidate, outcome } of view.stale) {
    const place = places[candidate];
    if (outcome.type !== "accepted" || place === undefined || at < scale.from || at > scale.to) continue;
    surface.rect(xOf(scale, at), place.y, 3, place.height);
  }
}

function drawReads(surface: Surface, { view, scale }: Picture, places: (Place | undefined)[]): void {
  const { from, to, candidate, longest } = view.reads;
  surface.fill("muted", 0.45);
  for (let i = firstFrom(from, scale.from - longest); i < from.length && (from[i] ?? 0) <= scale.to; i++) {
    const place = places[candidate[i] ?? -1];
    if (place === undefined) continue;
    const bar = stretch(scale, from[i] ?? 0, to[i] ?? 0);
    if (bar === null) continue;
    // If it is only a pixel wide it is a tick, and the others say more.
    const inset = place.height > 6 ? place.height * 0.3 : 0;
    if (bar.width > 1) surface.rect(bar.x, place.y + inset, bar.width, place.height - 2 * inset);
  }
}

interface TickKind {
  readonly kinds: readonly EventKind[];
  readonly ink: Ink;
  readonly width: number;
  /** The share of the lane's height, from its foot. */
  readonly share: number;
}

const tickKinds: readonly TickKind[] = [
  {
    kinds: ["connected", "creating", "created", "removing", "removed", "suspended", "expired", "closing"],
    ink: "muted",
    width: 1,
    share: 0.4,
  },
  // A leader's routine events: visible, but not prominent.
  { kinds: ["beat", "wrote", "announced"], ink: "paper", width: 1, share: 0.25 },
  { kinds: ["armed"], ink: "accent", width: 1.5, share: 0.6 },
  { kinds: ["notified"], ink: "warn", width: 2, share: 1 },
  { kinds: ["claimed", "thawed"], ink: "ink", width: 2, share: 1 },
  { kinds: ["refused"], ink: "good", width: 3, share: 1 },
];

function drawTicks(
  surface: Surface,
  { view, scale }: Picture,
  places: (Place | undefined)[],
  { kinds, ink, width, share }: TickKind,
): void {
  const { columns } = view;
  const wanted = new Uint8Array(256);
  for (const kind of kinds) wanted[kindCodes[kind]] = 1;
  // Events on the same pixel of the same lane are drawn once.
  const drawn = new Float64Array(places.length).fill(-1);
  surface.fill(ink);
  const end = columns.length;
  for (let i = firstFrom(columns.at, scale.from); i < end; i++) {
    const at = columns.at[i] ?? 0;
    if (at > scale.to) break;
    if (wanted[columns.kind[i] ?? 0] === 0) continue;
    const candidate = columns.candidate[i] ?? -1;
    const place = places[candidate];
    if (place === undefined) continue;
    const x = xOf(scale, at);
    const pixel = Math.round(x);
    if (drawn[candidate] === pixel) continue;
    drawn[candidate] = pixel;
    const height = place.height > 6 ? place.height * share : place.height;
    surface.rect(x, place.y + place.height - height, place.height > 4 ? width : 1, height);
  }
}

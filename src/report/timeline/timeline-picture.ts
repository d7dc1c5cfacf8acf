/** What to draw of a timeline, and where its lanes are in the picture. */

import type { Ink } from "../palette.ts";
import type { Episode } from "./episode.ts";
import type { Lane, Lanes } from "./lanes.ts";
import { type TimeScale, xOf } from "./time-scale.ts";
import type { TrialView } from "./trial-view.ts";

/** The space above the lanes: the axis, and the faults' names. */
export const HEAD_HEIGHT = 46;
export const AXIS_HEIGHT = 24;

export interface Picture {
  readonly view: TrialView;
  readonly scale: TimeScale;
  readonly lanes: Lanes;
  /** Pixels by which the lanes are scrolled up. */
  readonly scroll: number;
  readonly width: number;
  readonly height: number;
  /** The failover in view: times count from its fault. */
  readonly episode: Episode | null;
  /** A moment that somebody asked for. */
  readonly mark: number | null;
}

/** A lane's place in the picture, and the part of it that holds ticks. */
export interface Place {
  readonly y: number;
  readonly height: number;
}

export function placeOf(lane: Lane, scroll: number): Place {
  const y = HEAD_HEIGHT + lane.top - scroll;
  if (lane.named) return { y: y + lane.height - 20, height: 16 };
  const gap = lane.height >= 12 ? 3 : lane.height >= 5 ? 1 : 0;
  return { y, height: lane.height - gap };
}

/** The visible part, from left to right; `null` if it is outside. */
export function stretch(scale: TimeScale, from: number, to: number): { x: number; width: number } | null {
  if (to < scale.from || from > scale.to) return null;
  const x = xOf(scale, Math.max(from, scale.from));
  return { x, width: Math.max(1, xOf(scale, Math.min(to, scale.to)) - x) };
}

/** A warm-up does not count, so it is less prominent. */
export const inkOf = ({ failover }: Episode): Ink => (failover === 0 ? "muted" : "bad");

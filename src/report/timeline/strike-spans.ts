/** Draws how long strikes last: a bar in the head, and the lanes of those that they hold. */
import { groupOf } from "../../faults/fault-group.ts";
import { faultNamed } from "../../faults/faults.ts";
import type { Strike } from "../../history/strike.ts";
import type { Surface } from "./drawing-surface.ts";
import { HEAD_HEIGHT, type Picture, placeOf, stretch } from "./timeline-picture.ts";

const BAR = 3;

export function drawStrikeSpans(surface: Surface, { view, scale, lanes, scroll }: Picture): void {
  for (const strike of view.strikes) {
    const span = spanOf(strike);
    const bar = span && stretch(scale, span.from, span.to);
    if (bar === null) continue;
    for (const victim of held(strike)) {
      const lane = lanes.of.get(victim);
      if (lane === undefined) continue;
      surface.fill("bad", 0.16);
      surface.rect(bar.x, HEAD_HEIGHT + lane.top - scroll, bar.width, lane.height);
      // A term would hide the shade, but not this.
      const { y, height } = placeOf(lane, scroll);
      surface.fill("bad");
      if (height >= 4) surface.rect(bar.x, y - 2, bar.width, 2);
    }
  }
}

/** The bars in the head, over what is scrolled beneath it. */
export function drawStrikeBars(surface: Surface, { view, scale }: Picture): void {
  for (const strike of view.strikes) {
    const span = spanOf(strike);
    const bar = span && stretch(scale, span.from, span.to);
    if (bar === null) continue;
    surface.fill(strike.failover === 0 ? "muted" : "bad");
    surface.rect(bar.x, HEAD_HEIGHT - 2 - BAR, bar.width, BAR);
  }
}

/** `null` if a strike is over at once, or nobody knows when it was over. */
export function spanOf({ startedAt, endedAt }: Strike): { from: number; to: number } | null {
  return endedAt === null ? null : { from: startedAt, to: endedAt };
}

/** The candidates that a strike holds; servers may be struck alone, then it only concerns them. */
export function held({ fault, victims, expects }: Strike): readonly number[] {
  const known = faultNamed(fault);
  const isBehind = known !== undefined && groupOf(known) === "servers" && expects.contendersStay === true;
  return isBehind ? [] : victims;
}

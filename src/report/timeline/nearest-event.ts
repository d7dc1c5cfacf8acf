/** Finds the event under a pointer: the nearest one in the surrounding lanes, within a few pixels. */
import { firstFrom } from "../../history/columns.ts";
import { timeAt, xOf } from "./time-scale.ts";
import { type Picture, placeOf } from "./timeline-picture.ts";

const REACH = 8;

export function nearestEvent(picture: Picture, x: number, y: number): number | null {
  const { view, scale, lanes, scroll } = picture;
  const { columns } = view;
  const until = timeAt(scale, x + REACH);
  let nearest: number | null = null;
  let least = REACH;
  for (let i = firstFrom(columns.at, timeAt(scale, x - REACH)); i < columns.length; i++) {
    const at = columns.at[i] ?? 0;
    if (at > until) break;
    const aside = Math.abs(xOf(scale, at) - x);
    const lane = lanes.of.get(columns.candidate[i] ?? -1);
    // The coordinator has no lane: its events concern all of them.
    let above = REACH / 2;
    if (lane !== undefined) {
      const place = placeOf(lane, scroll);
      const top = lane.named ? place.y - 30 : place.y;
      above = Math.max(0, top - y, y - place.y - place.height);
    } else if ((columns.candidate[i] ?? -1) >= 0) continue;
    const distance = aside + above;
    if (distance < least) {
      least = distance;
      nearest = i;
    }
  }
  return nearest;
}

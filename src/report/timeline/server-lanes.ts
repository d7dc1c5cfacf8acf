/** Draws the lanes of servers: who leads, who follows, who is down, and how many candidates each serves. */

import type { Ink } from "../palette.ts";
import type { Surface, TextStyle } from "./drawing-surface.ts";
import type { ServerActivity, ServerStretch } from "./server-course.ts";
import { stretchWords } from "./server-words.ts";
import { HEAD_HEIGHT, type Picture, stretch } from "./timeline-picture.ts";

interface Look {
  readonly ink: Ink;
  readonly opacity: number;
  /** The ink of the text on it. */
  readonly text: Ink;
}

/** Candidates have the colours: the servers are grey, unless they are down. */
export const serverLooks: Readonly<Record<ServerActivity, Look>> = {
  leader: { ink: "muted", opacity: 1, text: "paper" },
  follower: { ink: "band", opacity: 1, text: "ink" },
  observer: { ink: "band", opacity: 1, text: "ink" },
  standalone: { ink: "muted", opacity: 1, text: "paper" },
  killed: { ink: "bad", opacity: 0.25, text: "ink" },
  paused: { ink: "warn", opacity: 0.25, text: "ink" },
  "cut-off": { ink: "warn", opacity: 0.25, text: "ink" },
  "disk-full": { ink: "warn", opacity: 0.25, text: "ink" },
  "disk-slow": { ink: "warn", opacity: 0.25, text: "ink" },
  silent: { ink: "warn", opacity: 0.25, text: "ink" },
  unseen: { ink: "band", opacity: 0.4, text: "muted" },
};

const GAP = 2;

export function drawServerLanes(surface: Surface, { view, lanes, scale, scroll, height }: Picture): void {
  for (const { server, top, height: tall } of lanes.servers) {
    const y = HEAD_HEIGHT + top - scroll;
    if (y + tall < HEAD_HEIGHT || y > height) continue;
    const course = view.servers?.courses[server - 1] ?? [];
    for (const one of alike(course.filter(({ from, to }) => to >= scale.from && from <= scale.to))) {
      const bar = stretch(scale, one.from, one.to);
      if (bar === null) continue;
      const { ink, opacity, text } = serverLooks[one.state];
      surface.fill(ink, opacity);
      surface.rect(bar.x, y, bar.width, tall - GAP);
      const style: TextStyle = { ink: text, size: 11 };
      const words = [stretchWords(one), stretchWords({ ...one, serves: 0 })].find(
        (some) => surface.textWidth(some, style) + 8 < bar.width,
      );
      if (words !== undefined) surface.text(bar.x + 4, y + tall - GAP - 4, words, style);
    }
  }
}

/** Stretches that read the same are drawn as one. */
function alike(course: readonly ServerStretch[]): ServerStretch[] {
  const drawn: ServerStretch[] = [];
  for (const one of course) {
    const last = drawn.at(-1);
    if (last !== undefined && stretchWords(last) === stretchWords(one))
      drawn.splice(-1, 1, { ...last, to: one.to });
    else drawn.push(one);
  }
  return drawn;
}

/** The server whose lane is at this height of the picture. */
export function serverAt({ lanes, scroll }: Picture, y: number): number | undefined {
  if (y < HEAD_HEIGHT) return undefined;
  const down = y - HEAD_HEIGHT + scroll;
  return lanes.servers.find(({ top, height }) => top <= down && down < top + height)?.server;
}

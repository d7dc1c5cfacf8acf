/** Where the members of a line stand on the page, and how their arrows run: in pixels, from the left. */
import type { SchemeName } from "../election/schemes.ts";
import type { Watched } from "../history/line.ts";
import type { Member, Side } from "./side.ts";

/** The narrowest box that a finger finds. */
const LEAST_PITCH = 27;
const MOST_PITCH = 96;

export interface Box {
  readonly member: Member;
  readonly x: number;
}

export interface Arrow {
  /** The same for the same watch. */
  readonly key: string;
  readonly look: "armed" | "fired" | "again";
  /** The path from the watcher to what it watches, and the arrow's head there. */
  readonly path: string;
  readonly head: string;
}

export interface Lane {
  /** The list of candidates, if somebody watches it, stands to the left of all boxes. */
  readonly list: number | null;
  readonly boxes: readonly Box[];
  readonly boxWidth: number;
  readonly arrows: readonly Arrow[];
  readonly width: number;
  /** The room for arrows above the boxes. */
  readonly rise: number;
}

/** How far apart boxes stand, so that both lines have the same places. */
export function pitchOf(width: number, places: number): number {
  return Math.max(LEAST_PITCH, Math.min(MOST_PITCH, Math.floor(width / Math.max(1, places))));
}

/** The height of an arrow to the box just before. */
const LEAST_RISE = 22;

/** Where arrows go no further than the one before, they need little room. */
const rises: Record<SchemeName, number> = { predecessor: 34, heir: 34, leader: 118, children: 118 };

export function placesOf({ members, scheme }: Side): number {
  return members.length + (scheme === "children" ? 1 : 0);
}

/** @param shift places to the left that stay empty, so that both lines begin together */
export function laneOf({ members, scheme }: Side, pitch: number, shift: number): Lane {
  const boxWidth = pitch - (pitch > 44 ? 12 : 5);
  const rise = rises[scheme];
  const xOf = (place: number) => (place + shift) * pitch;
  const boxes = members.map((member, place) => ({ member, x: xOf(place) }));
  const placeOf = (watched: Watched) =>
    watched === "children" ? -1 : members.findIndex(({ sequence }) => sequence === watched);
  const arrows = members.flatMap((member, place): Arrow[] => {
    const watched = member.fired ?? member.watches;
    if (watched === null || !member.stands) return [];
    const target = placeOf(watched);
    if (target === -1 && watched !== "children") return [];
    const look = member.fired !== null ? "fired" : member.wake === "again" ? "again" : "armed";
    const distance = place - target;
    // Arrows from far away end further to the left, so that no two cross.
    const spread = ((boxWidth - 10) * (distance - 1)) / Math.max(1, members.length - 1);
    const from = xOf(place) + boxWidth * (distance === 1 ? 0.3 : 0.5);
    const to = xOf(target) + boxWidth - 5 - Math.max(0, spread);
    const far = (distance - 1) / Math.max(1, members.length - 2);
    const height = LEAST_RISE + Math.max(0, rise - LEAST_RISE - 8) * Math.min(1, far);
    const top = rise - height * 1.33;
    return [
      {
        key: `${member.sequence} ${watched} ${look}`,
        look,
        path: `M${n(from)} ${rise - 1}C${n(from)} ${n(top)} ${n(to)} ${n(top)} ${n(to)} ${rise - 6}`,
        head: `M${n(to)} ${rise - 0.5}l-3 -6.5h6z`,
      },
    ];
  });
  return {
    list: scheme === "children" ? xOf(-1) : null,
    boxes,
    boxWidth,
    arrows,
    width: xOf(members.length),
    rise,
  };
}

function n(value: number): string {
  return value.toFixed(1);
}

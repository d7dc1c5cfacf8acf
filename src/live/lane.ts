/** Where the members of a line stand on the page, and how their arrows run: in pixels, from the left. */
import type { SchemeName } from "../election/schemes.ts";
import type { Member, Side } from "./side.ts";

/** The narrowest box that a finger finds. */
const LEAST_PITCH = 27;
const MOST_PITCH = 96;
/** Boxes of a folded line have long names. */
const FOLDED_PITCH = 31;
/** A line of so few would not become clearer: one scrolls it. */
const FEW = 16;
/** The most that stand in full at each end of a folded line. */
const MOST_ENDS = 12;
/** The share of the width that those in full take at most. */
const SHARE_IN_FULL = 0.8;
/** Room besides the ends: for the struck one with its neighbours, and for the list. */
const NEIGHBOURHOOD = 4;
/** The height in which cells are stacked. */
const FOLD_HEIGHT = 64;
const LEAST_CELL = 4;
const MOST_CELL = 13;

export interface Spacing {
  /** How far apart boxes stand. */
  readonly pitch: number;
  /**
   * The middle of a line that is too long is folded: how many stand in full at each end, and the side of the
   * small cells of all others.
   */
  readonly folded: { readonly ends: number; readonly cell: number } | null;
}

export interface Box {
  readonly member: Member;
  readonly x: number;
}

/** Members beside each other as small cells, column by column. */
export interface Fold {
  readonly members: readonly Member[];
  readonly x: number;
  readonly width: number;
  readonly rows: number;
  readonly cell: number;
}

/** The path from a watcher to what it watches, and the arrow's head there. */
export interface Curve {
  readonly path: string;
  readonly head: string;
}

export type ArrowLook = "armed" | "fired" | "again";

export interface Arrow extends Curve {
  /** The same for the same watch. */
  readonly key: string;
  readonly look: ArrowLook;
  readonly watcher: Member;
  /** Where it begins and ends, and the height at which both of its handles are. */
  readonly start: number;
  readonly end: number;
  readonly top: number;
}

export interface Lane {
  /** The list of candidates, if somebody watches it, stands to the left of all boxes. */
  readonly list: number | null;
  readonly boxes: readonly Box[];
  readonly folds: readonly Fold[];
  readonly boxWidth: number;
  readonly arrows: readonly Arrow[];
  /** The arrows of all folded members, of one look together: one for each column and target. */
  readonly bundles: Readonly<Record<ArrowLook, Curve>>;
  readonly width: number;
  /** The room for arrows above the boxes. */
  readonly rise: number;
}

/** The same for both lines, so that they have the same places. */
export function spacingOf(width: number, places: number): Spacing {
  if (places * LEAST_PITCH <= width || places <= FEW)
    return {
      pitch: Math.max(LEAST_PITCH, Math.min(MOST_PITCH, Math.floor(width / Math.max(1, places)))),
      folded: null,
    };
  const inFull = Math.floor((width * SHARE_IN_FULL) / FOLDED_PITCH);
  const ends = Math.max(2, Math.min(MOST_ENDS, Math.floor((inFull - NEIGHBOURHOOD) / 2)));
  const room = width - (2 * ends + NEIGHBOURHOOD) * FOLDED_PITCH;
  let cell = MOST_CELL;
  while (cell > LEAST_CELL && widthOf(places - 2 * ends, cell) > room) cell--;
  return { pitch: FOLDED_PITCH, folded: { ends, cell } };
}

function rowsOf(cell: number): number {
  return Math.floor(FOLD_HEIGHT / cell);
}

function widthOf(members: number, cell: number): number {
  return Math.ceil(members / rowsOf(cell)) * cell;
}

/** The height of an arrow to the box just before. */
const LEAST_RISE = 22;

/** Where arrows go no further than the one before, they need little room. */
const rises: Record<SchemeName, number> = { predecessor: 34, heir: 34, leader: 118, children: 118 };

export function placesOf({ members, scheme }: Side): number {
  return members.length + (scheme === "children" ? 1 : 0);
}

/** Where one stands: the left edge, and how wide it is. */
interface Stand {
  readonly x: number;
  readonly width: number;
  readonly isFolded: boolean;
}

/**
 * @param shift places to the left that stay empty, so that both lines begin together
 * @param open sequences that stand in full with their neighbours wherever they are
 */
export function laneOf(
  { members, scheme }: Side,
  { pitch, folded }: Spacing,
  shift: number,
  open: ReadonlySet<number> = new Set(),
): Lane {
  const boxWidth = pitch - (pitch > 44 ? 12 : folded === null ? 5 : 4);
  const rise = rises[scheme];
  const inFull = fullPlaces(members, folded?.ends ?? members.length, open);
  const boxes: Box[] = [];
  const folds: Fold[] = [];
  const stands = new Map<number, Stand>();
  let x = shift * pitch;
  for (let place = 0; place < members.length; ) {
    const member = members[place];
    if (member === undefined) break;
    if (folded === null || inFull.has(place)) {
      boxes.push({ member, x });
      stands.set(member.sequence, { x, width: boxWidth, isFolded: false });
      x += pitch;
      place++;
      continue;
    }
    let end = place;
    while (end < members.length && !inFull.has(end)) end++;
    const { cell } = folded;
    const rows = rowsOf(cell);
    const within = members.slice(place, end);
    within.forEach(({ sequence }, index) => {
      stands.set(sequence, { x: x + Math.floor(index / rows) * cell, width: cell - 1, isFolded: true });
    });
    const width = widthOf(within.length, cell);
    folds.push({ members: within, x, width, rows, cell });
    x += width + 5;
    place = end;
  }
  const list: Stand = { x: (shift - 1) * pitch, width: boxWidth, isFolded: false };
  const from = scheme === "children" ? list.x : shift * pitch;
  const arrows: Arrow[] = [];
  const bundles = { armed: new Bundle(), fired: new Bundle(), again: new Bundle() };
  for (const member of members) {
    const watched = member.fired ?? member.watches;
    const stand = stands.get(member.sequence);
    if (watched === null || !member.stands || stand === undefined) continue;
    const target = watched === "children" ? list : stands.get(watched);
    if (target === undefined || (stand.isFolded && target.isFolded && stand.x - target.x <= stand.width + 1))
      continue;
    const look = lookOf(member);
    const curve = curveOf(stand, target, { from, to: x, pitch, rise });
    if (stand.isFolded) bundles[look].add(curve);
    else arrows.push({ key: `${member.sequence} ${watched} ${look}`, look, watcher: member, ...curve });
  }
  return {
    list: scheme === "children" ? list.x : null,
    ...{ boxes, folds, boxWidth, arrows, bundles, rise },
    width: x,
  };
}

/** Several curves as one, each of them once. */
class Bundle implements Curve {
  readonly #paths = new Set<string>();
  readonly #heads = new Set<string>();

  add({ path, head }: Curve): void {
    this.#paths.add(path);
    this.#heads.add(head);
  }

  get path(): string {
    return [...this.#paths].join("");
  }

  get head(): string {
    return [...this.#heads].join("");
  }
}

function fullPlaces(members: readonly Member[], ends: number, open: ReadonlySet<number>): Set<number> {
  const places = new Set<number>();
  members.forEach(({ sequence, trouble, leads }, place) => {
    if (place < ends || place >= members.length - ends) places.add(place);
    // Who stands still, is cut off or leads is part of the story, wherever it stands.
    if (open.has(sequence) || leads || trouble !== null)
      for (const near of [place - 1, place, place + 1]) places.add(near);
  });
  return places;
}

function lookOf({ fired, wake }: Member): ArrowLook {
  if (fired !== null) return "fired";
  return wake === "again" ? "again" : "armed";
}

function curveOf(
  stand: Stand,
  target: Stand,
  { from, to, pitch, rise }: { from: number; to: number; pitch: number; rise: number },
): Omit<Arrow, "key" | "look" | "watcher"> {
  const distance = Math.max(0, stand.x - target.x - pitch);
  // Arrows from far away are higher and end further to the left, so that no two cross.
  const far = Math.min(1, distance / Math.max(1, to - from - 2 * pitch));
  const isNext = distance === 0;
  const start = stand.x + stand.width * (isNext && !stand.isFolded ? 0.3 : 0.5);
  const inset = target.isFolded ? target.width / 2 : 5;
  const end = target.x + target.width - inset - Math.max(0, target.width - 10) * far;
  const height = LEAST_RISE + Math.max(0, rise - LEAST_RISE - 8) * far;
  const top = rise - height * 1.33;
  return {
    path: `M${n(start)} ${rise - 1}C${n(start)} ${n(top)} ${n(end)} ${n(top)} ${n(end)} ${rise - 6}`,
    head: `M${n(end)} ${rise - 0.5}l-3 -6.5h6z`,
    ...{ start, end, top },
  };
}

/** So near to an arrow one points at it, in pixels. */
const REACH = 6;
const SAMPLES = 24;

/** The watcher whose arrow is at this point, if there is one. */
export function watcherAt({ arrows, rise }: Lane, x: number, y: number): Member | undefined {
  let found: Member | undefined;
  let least = REACH;
  for (const { start, end, top, watcher } of arrows)
    for (let sample = 0; sample <= SAMPLES; sample++) {
      const t = sample / SAMPLES;
      // The curve's handles are straight above its ends, at one height.
      const along = t * t * (3 - 2 * t);
      const down = (1 - t) ** 3 + t ** 3;
      const gap = Math.hypot(start + (end - start) * along - x, rise * down + top * (1 - down) - y);
      if (gap >= least) continue;
      least = gap;
      found = watcher;
    }
  return found;
}

function n(value: number): string {
  return value.toFixed(1);
}

/**
 * The lanes of a timeline, from top to bottom. In a failover the victim and its successor come first, and tall,
 * so that their events can be labelled; then all that were notified, in that order, and those that were told of
 * the new leader; then all that slept on.
 */
import type { Episode } from "./episode.ts";

export interface Lane {
  readonly candidate: number;
  /** Pixels from the first lane's top. */
  readonly top: number;
  readonly height: number;
  /** Tall enough to label its events. */
  readonly named: boolean;
}

/** Lanes that belong together, and their name in the margin. */
export interface LaneGroup {
  readonly label: string;
  readonly top: number;
  readonly height: number;
  readonly lanes: readonly Lane[];
}

export interface Lanes {
  readonly groups: readonly LaneGroup[];
  /** Lanes by candidate; none for a lane that is not shown. */
  readonly of: ReadonlyMap<number, Lane>;
  readonly height: number;
}

export interface LaneChoice {
  readonly candidates: number;
  readonly episode: Episode | null;
  readonly involvedOnly: boolean;
  /** Lanes of a readable size, which may need scrolling, instead of all lanes at once. */
  readonly tall: boolean;
  /** The total height of all lanes, in pixels. */
  readonly height: number;
}

const NAMED_HEIGHT = 64;
const TALL_HEIGHT = 20;
const LEAST_HEIGHT = 1;
const MOST_HEIGHT = 26;
/** Used if no lane is taller than the others. */
const MOST_HEIGHT_ALONE = 44;
const GAP = 8;

/** The height that a trial of this many candidates fills, in pixels. */
export function fullHeight(candidates: number): number {
  return 2 * (NAMED_HEIGHT + GAP) + MOST_HEIGHT * candidates;
}

export function lanesOf(choice: LaneChoice): Lanes {
  const { first, groups } = inOrder(choice);
  const gaps = GAP * (groups.length + (first.length > 0 ? 1 : 0));
  const rest = groups.reduce((sum, { candidates }) => sum + candidates.length, 0);
  const fitting = (choice.height - first.length * NAMED_HEIGHT - gaps) / Math.max(1, rest);
  const most = first.length > 0 ? MOST_HEIGHT : MOST_HEIGHT_ALONE;
  const height = choice.tall ? TALL_HEIGHT : Math.min(most, Math.max(LEAST_HEIGHT, fitting));
  const all = new Map<number, Lane>();
  const placed: LaneGroup[] = [];
  let top = 0;
  const place = (label: string, candidates: readonly number[], named: boolean) => {
    const each = named ? NAMED_HEIGHT : height;
    const start = top;
    const lanes = candidates.map((candidate, index) => {
      const lane = { candidate, top: start + index * each, height: each, named };
      all.set(candidate, lane);
      return lane;
    });
    top += candidates.length * each;
    placed.push({ label, top: start, height: top - start, lanes });
    top += GAP;
  };
  for (const { label, candidate } of first) place(label, [candidate], true);
  for (const { label, candidates } of groups) place(label, candidates, false);
  return { groups: placed, of: all, height: Math.max(0, top - GAP) };
}

function inOrder({ candidates, episode, involvedOnly }: LaneChoice) {
  const everybody = Array.from({ length: candidates }, (_, candidate) => candidate);
  if (episode === null) return { first: [], groups: [{ label: "", candidates: everybody }] };
  const [victim, ...alsoStruck] = episode.victims;
  const first = [{ label: "victim", candidate: victim }];
  if (episode.successor !== null) first.push({ label: "successor", candidate: episode.successor });
  const placed = new Set(first.map(({ candidate }) => candidate));
  for (const candidate of alsoStruck) placed.add(candidate);
  const notified = episode.notified.filter((candidate) => !placed.has(candidate));
  for (const candidate of notified) placed.add(candidate);
  const told = episode.told.filter((candidate) => !placed.has(candidate));
  for (const candidate of told) placed.add(candidate);
  const others = involvedOnly ? [] : everybody.filter((candidate) => !placed.has(candidate));
  const groups = [
    { label: "also struck", candidates: alsoStruck },
    { label: "notified", candidates: notified },
    { label: "told", candidates: told },
    { label: "not woken", candidates: others },
  ].filter((group) => group.candidates.length > 0);
  return { first, groups };
}

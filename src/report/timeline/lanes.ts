/**
 * The lanes of a timeline, from top to bottom. In a failover the victim and its successor come first, and tall,
 * so that their events can be labelled; then all that were notified, in that order, and those that were told of
 * the new leader; then all that slept on, folded into one band unless somebody wants to see them.
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

/** A server's lane, above those of the candidates. */
export interface ServerLane {
  /** Its place, from 1. */
  readonly server: number;
  readonly top: number;
  readonly height: number;
}

/** Lanes that belong together, and their name in the margin. */
export interface LaneGroup {
  readonly label: string;
  readonly top: number;
  readonly height: number;
  /** None if they are folded. */
  readonly lanes: readonly Lane[];
  /** The number of candidates. */
  readonly count: number;
}

export interface Lanes {
  readonly servers: readonly ServerLane[];
  readonly groups: readonly LaneGroup[];
  /** Lanes by candidate; none for a lane that is not shown. */
  readonly of: ReadonlyMap<number, Lane>;
  readonly height: number;
}

export interface LaneChoice {
  readonly candidates: number;
  /** The number of servers that have a lane. */
  readonly servers: number;
  readonly episode: Episode | null;
  /** Whether those that slept on have lanes of their own. */
  readonly unfolded: boolean;
  /** Lanes of a readable size, which may need scrolling, instead of all lanes at once. */
  readonly tall: boolean;
  /** The total height of all lanes, in pixels; infinite for as high as they need to be. */
  readonly height: number;
}

const SERVER_HEIGHT = 18;
/** The space below the servers' lanes, with the title of the candidates' ones. */
const SERVER_GAP = 20;
const NAMED_HEIGHT = 64;
const TALL_HEIGHT = 20;
const LEAST_HEIGHT = 1;
const MOST_HEIGHT = 26;
/** Used if no lane is taller than the others. */
const MOST_HEIGHT_ALONE = 44;
const GAP = 8;
const FOLDED_HEIGHT = 22;
/** So few are not worth folding. */
const FEW = 3;

/** The height that the servers' lanes take, with the gap below. */
export function serversHeight(servers: number): number {
  return servers === 0 ? 0 : servers * SERVER_HEIGHT + SERVER_GAP;
}

export function lanesOf(choice: LaneChoice): Lanes {
  const { first, groups } = inOrder(choice);
  const gaps = GAP * (groups.length + (first.length > 0 ? 1 : 0));
  const folded = (group: (typeof groups)[number]) =>
    group.label === ASLEEP && !choice.unfolded && group.candidates.length > FEW;
  const rest = groups.reduce((sum, group) => sum + (folded(group) ? 0 : group.candidates.length), 0);
  const above = serversHeight(choice.servers);
  const taken = first.length * NAMED_HEIGHT + (groups.some(folded) ? FOLDED_HEIGHT : 0);
  const fitting = (choice.height - above - taken - gaps) / Math.max(1, rest);
  const most = first.length > 0 ? MOST_HEIGHT : MOST_HEIGHT_ALONE;
  const height = choice.tall ? TALL_HEIGHT : Math.min(most, Math.max(LEAST_HEIGHT, fitting));
  const all = new Map<number, Lane>();
  const placed: LaneGroup[] = [];
  let top = above;
  const place = (label: string, candidates: readonly number[], named: boolean) => {
    const each = named ? NAMED_HEIGHT : height;
    const start = top;
    const lanes = candidates.map((candidate, index) => {
      const lane = { candidate, top: start + index * each, height: each, named };
      all.set(candidate, lane);
      return lane;
    });
    top += candidates.length * each;
    placed.push({ label, top: start, height: top - start, lanes, count: lanes.length });
    top += GAP;
  };
  for (const { label, candidate } of first) place(label, [candidate], true);
  for (const group of groups) {
    if (!folded(group)) place(group.label, group.candidates, false);
    else {
      const count = group.candidates.length;
      placed.push({ label: group.label, top, height: FOLDED_HEIGHT, lanes: [], count });
      top += FOLDED_HEIGHT + GAP;
    }
  }
  const servers = Array.from({ length: choice.servers }, (_, index) => ({
    ...{ server: index + 1, top: index * SERVER_HEIGHT, height: SERVER_HEIGHT },
  }));
  return { servers, groups: placed, of: all, height: Math.max(0, top - GAP) };
}

/** The name of those who slept on. */
const ASLEEP = "not woken";

function inOrder({ candidates, episode }: LaneChoice) {
  const everybody = Array.from({ length: candidates }, (_, candidate) => candidate);
  if (episode === null) return { first: [], groups: [{ label: "", candidates: everybody }] };
  const [victim, ...more] = episode.victims;
  const first = [{ label: "victim", candidate: victim }];
  if (episode.successor !== null) first.push({ label: "successor", candidate: episode.successor });
  const placed = new Set(first.map(({ candidate }) => candidate));
  const alsoStruck = more.filter((candidate) => !placed.has(candidate));
  for (const candidate of alsoStruck) placed.add(candidate);
  const notified = episode.notified.filter((candidate) => !placed.has(candidate));
  for (const candidate of notified) placed.add(candidate);
  const told = episode.told.filter((candidate) => !placed.has(candidate));
  for (const candidate of told) placed.add(candidate);
  const others = everybody.filter((candidate) => !placed.has(candidate));
  const groups = [
    { label: "also struck", candidates: alsoStruck },
    { label: "notified", candidates: notified },
    { label: "told", candidates: told },
    { label: ASLEEP, candidates: others },
  ].filter((group) => group.candidates.length > 0);
  return { first, groups };
}

/** The folded group at this height, in pixels from the first lane's top. */
export function foldedAt({ groups }: Lanes, down: number): LaneGroup | undefined {
  return groups.find(({ lanes, top, height }) => lanes.length === 0 && top <= down && down < top + height);
}

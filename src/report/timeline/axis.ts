/**
 * The time axis of failovers that are shown together: each one's clock starts at its strike, and waits in
 * which nothing happens, as for a session to expire, are cut out. What follows a wait begins at the same place
 * in all.
 */
import { firstFrom, kindCodes } from "../../history/columns.ts";
import type { Episode } from "./episode.ts";
import { type Cut, shownOf } from "./time-scale.ts";
import type { TrialView } from "./trial-view.ts";

export interface Axis {
  /** What is cut out of each scene, in nanoseconds since the run's origin. */
  readonly cuts: readonly (readonly Cut[])[];
  /** The stretch that shows all of them closely, in shown nanoseconds since each one's clock started. */
  readonly from: number;
  readonly to: number;
}

export interface Scene {
  readonly view: TrialView;
  /** `null`: the whole trial, whose clock starts at its first event. */
  readonly episode: Episode | null;
  /** A moment that somebody asked for. */
  readonly mark: number | null;
}

/** Shorter waits stay. */
const LEAST_CUT_NS = 50e6;
/** A wait is cut out if everything between the shorter ones fits into it so many times. */
const TIMES = 8;
/** The share of everything else that is left at both sides of a cut. */
const MARGIN = 0.1;

/** The axis of failovers, or of whole trials. */
export function axisOf(scenes: readonly Scene[]): Axis {
  const struck = scenes.flatMap(({ episode, ...scene }) => (episode === null ? [] : [{ ...scene, episode }]));
  if (struck.length > 0) return failoverAxis(struck);
  const longest = Math.max(...scenes.map(({ view }) => view.finish - view.begin));
  return { cuts: [], from: -0.01 * longest, to: 1.01 * longest };
}

type Struck = Scene & { readonly episode: Episode };

function failoverAxis(scenes: readonly Struck[]): Axis {
  const found = scenes.map((scene) => clustersOf(momentsOf(scene)));
  const common = Math.min(...found.map(({ length }) => length));
  const all = found.map((clusters) => joined(clusters, common));
  const cuts = cutsOf(all) ?? scenes.map(() => []);
  const lasts = all.map((clusters, index) => shownOf(clusters.at(-1)?.to ?? 0, cuts[index]));
  const span = Math.max(1000, ...lasts);
  return {
    cuts: scenes.map(({ episode: { at } }, index) =>
      (cuts[index] ?? []).map(({ from, to, resumes }) => ({
        ...{ from: at + from, to: at + to, resumes: at + resumes },
      })),
    ),
    from: -0.07 * span,
    to: 1.22 * span,
  };
}

/** A stretch without a long wait, in nanoseconds since the strike. */
interface Cluster {
  readonly from: number;
  readonly to: number;
}

/** Every moment of the failover at which something happens: heartbeats and the lab's own looks are a wait. */
function momentsOf({ view, episode, mark }: Struck): number[] {
  const { columns, episodes, stale } = view;
  const { at, leads, settled, overlap, lasted, until } = episode;
  const next = episodes[episodes.indexOf(episode) + 1]?.at ?? Number.POSITIVE_INFINITY;
  const late = stale.flatMap((write) => (write.at >= at && write.at < next ? [write.at - at] : []));
  const told = [leads, settled, leads === null ? null : leads + (overlap ?? 0), lasted, ...late];
  const known = [...told, mark === null || mark < at ? null : mark - at].filter((moment) => moment !== null);
  const end = Math.max(0, ...known) || until - at;
  const moments = [0, end, ...known];
  for (let i = firstFrom(columns.at, at); (columns.at[i] ?? Number.POSITIVE_INFINITY) <= at + end; i++) {
    if ((columns.candidate[i] ?? -1) >= 0 && !routine.has(columns.kind[i] ?? -1))
      moments.push((columns.at[i] ?? 0) - at);
  }
  return moments.sort((a, b) => a - b);
}

const routine = new Set([kindCodes.beat, kindCodes.caughtUp, kindCodes.leased, kindCodes.wrote]);

/** Moments between which there is no long wait. */
function clustersOf(moments: readonly number[]): Cluster[] {
  const gaps = moments
    .slice(1)
    .map((moment, index) => ({ before: index, ns: moment - (moments[index] ?? 0) }));
  let work = 0;
  const waits: number[] = [];
  for (const { before, ns } of gaps.toSorted((a, b) => a.ns - b.ns)) {
    if (ns >= LEAST_CUT_NS && ns > TIMES * work) waits.push(before);
    else work += ns;
  }
  const ends = [...waits.sort((a, b) => a - b), moments.length - 1];
  return ends.map((end, place) => ({
    from: moments[place === 0 ? 0 : (ends[place - 1] ?? 0) + 1] ?? 0,
    to: moments[end] ?? 0,
  }));
}

/** So many, of which the last goes on to the end. */
function joined(clusters: readonly Cluster[], count: number): Cluster[] {
  const last = { from: clusters[count - 1]?.from ?? 0, to: clusters.at(-1)?.to ?? 0 };
  return [...clusters.slice(0, count - 1), last];
}

/** `null` if they do not fit: what happens in one failover takes longer than the wait after it in another. */
function cutsOf(all: readonly (readonly Cluster[])[]): Cut[][] | null {
  const lengths = (all[0] ?? []).map((_, place) =>
    Math.max(...all.map((clusters) => (clusters[place]?.to ?? 0) - (clusters[place]?.from ?? 0))),
  );
  const margin = MARGIN * lengths.reduce((sum, length) => sum + length, 0);
  const cuts = all.map((clusters) =>
    clusters.slice(1).map(({ from: resumes }, place): Cut => {
      const from = (clusters[place]?.from ?? 0) + (lengths[place] ?? 0) + margin;
      return { from, to: resumes - margin, resumes };
    }),
  );
  return cuts.flat().every(({ from, to }) => from < to) ? cuts : null;
}

/** What the elections have cost, as figures on scales that both share. Times are in nanoseconds. */
import type { Failover, Overlap, Scene, Side } from "./side.ts";

/** What ends a part of a failover: somebody woken, the next leader's look, its claim, the last one asleep. */
export const partNames = ["woken", "looked", "leads", "quiet"] as const;
export type PartName = (typeof partNames)[number];

export interface Part {
  readonly name: PartName;
  /** Since the first contender was gone. */
  readonly from: number;
  readonly until: number;
}

export interface Bar {
  /** What was done, and to which place. */
  readonly scene: Scene;
  /** The time from the strike until the first contender was gone. */
  readonly noticed: number;
  readonly parts: readonly Part[];
  /** When two believed that they lead; `until` is `null` while they still do. */
  readonly overlap: { readonly from: number; readonly until: number | null } | null;
}

/** The last loss of a side; none if nobody has gone yet. */
export function barOf({ lastLoss: scene, overlap }: Pick<Side, "lastLoss" | "overlap">): Bar | undefined {
  if (scene === undefined || scene.goneAfter === null) return undefined;
  const { goneAfter, wokenAfter, lookedAfter, leadsAfter, quietAfter } = scene;
  const ends = { woken: wokenAfter, looked: lookedAfter, leads: leadsAfter, quiet: quietAfter };
  const parts: Part[] = [];
  for (const name of partNames) {
    const end = ends[name];
    const from = parts.at(-1)?.until ?? 0;
    if (end !== null && end - goneAfter >= from) parts.push({ name, from, until: end - goneAfter });
  }
  return { scene, noticed: goneAfter, parts, overlap: overlapIn(scene, goneAfter, overlap) };
}

function overlapIn(
  { leads, startedAt }: Scene,
  goneAfter: number,
  overlap: Overlap | undefined,
): Bar["overlap"] {
  if (overlap === undefined || overlap.successor !== leads) return null;
  const origin = startedAt + goneAfter;
  const { from, until } = overlap;
  return { from: from - origin, until: until === null ? null : until - origin };
}

/** How far the scale of several bars goes. */
export function endOf(bars: readonly (Bar | undefined)[]): number {
  return Math.max(0, ...bars.flatMap((bar) => bar?.parts.at(-1)?.until ?? []));
}

/** The middle one, or the mean of the two in the middle; `undefined` without any. */
export function medianOf(failovers: readonly Failover[], of: keyof Failover): number | undefined {
  const sorted = failovers.map((one) => one[of]).sort((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

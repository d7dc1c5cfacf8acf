/**
 * The calibration beside each failover: what a failover consists of, without an election. It tells a slow
 * minute of the machine from a slow election.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Ensemble } from "./ensemble.ts";

/** After so long, nobody is busy any more with what was asked before. */
const REST_MS = 5;

/** What a write and a list of the election take one bare session, from rest, in milliseconds; and the list. */
export async function calibrate(
  { session, root }: Ensemble,
  election: string,
): Promise<{ readonly ms: number; readonly children: readonly string[] }> {
  await delay(REST_MS);
  const start = performance.now();
  await session.set(root, "", -1);
  const children = await session.children(election);
  return { ms: performance.now() - start, children: children ?? [] };
}

/**
 * The calibration beside each failover: its steps, without an election. It tells a slow minute of the machine
 * from a slow election.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Ensemble } from "./ensemble.ts";

/** The time after which nobody is still busy with earlier requests. */
const REST_MS = 5;

/**
 * The time in milliseconds that a write and a list of the election take one bare session, from rest; and the
 * list.
 */
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

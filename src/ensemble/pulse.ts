/** The machine's pulse: what a failover consists of, without an election. It tells a slow minute from a slow election. */
import { setTimeout as delay } from "node:timers/promises";
import type { Ensemble } from "./ensemble.ts";

/** After so long, nobody is busy any more with what was asked before. */
const REST_MS = 5;

export interface Pulse {
  /** What a write and a list of the election took one bare session, from rest. */
  readonly ms: number;
  /** The list. */
  readonly children: readonly string[];
}

export async function pulse({ session, root }: Ensemble, election: string): Promise<Pulse> {
  await delay(REST_MS);
  const start = performance.now();
  await session.set(root, "", -1);
  const children = await session.children(election);
  return { ms: performance.now() - start, children: children ?? [] };
}

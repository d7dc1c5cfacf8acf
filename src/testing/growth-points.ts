/**
 * The points of a real run of `yarn bench --growth`, as it measured them: what cost models are fitted to, and
 * nothing else. `scripts/growth-points.mjs` takes them from a saved run.
 */
import { readFileSync } from "node:fs";
import { defaultConditions } from "../history/conditions.ts";
import type { CrowdCosts } from "../history/crowd-costs.ts";
import type { Enrolment } from "../history/observations.ts";
import type { ModelledTrial } from "../metrics/forecast.ts";
import { sampleFailover, sampleServer } from "./samples.ts";

type Figure = "totalMs" | "settledMs" | "notifications" | "reads";
type Count = "responseBytes" | "cpuMs" | "childrenWatches";

interface Point {
  readonly scheme: string;
  readonly candidates: number;
  readonly servers: number;
  readonly perThread: number;
  readonly join: string;
  readonly sessionTimeoutMs: number;
  /** A column of each figure. */
  readonly failovers: Readonly<Record<Figure, readonly number[]> & Record<Count, readonly (number | null)[]>>;
  readonly enrolment: Enrolment | null;
  readonly crowd: CrowdCosts;
}

export interface RealGrowth {
  readonly trials: readonly ModelledTrial[];
  readonly tickTimeMs: number;
  readonly seed: number;
}

export function realGrowth(): RealGrowth {
  const [about = "", ...points] = readFileSync(new URL("growth-points.jsonl", import.meta.url), "utf8")
    .trim()
    .split("\n");
  const { tickTimeMs, seed } = JSON.parse(about) as Omit<RealGrowth, "trials">;
  const trials = points.map((line) => {
    const point = JSON.parse(line) as Point;
    return { ...defaultConditions, ...point, failovers: failoversOf(point) };
  });
  return { trials, tickTimeMs, seed };
}

function failoversOf({ failovers }: Point): ModelledTrial["failovers"] {
  return failovers.totalMs.map((totalMs, index) => {
    const at = (name: Figure) => failovers[name][index] ?? Number.NaN;
    const counted = (name: Count) => failovers[name][index] ?? null;
    return sampleFailover({
      ...{ failover: index + 1, totalMs, settledMs: at("settledMs") },
      ...{ notifications: at("notifications"), reads: at("reads") },
      server: sampleServer({
        responseBytes: counted("responseBytes"),
        cpuMs: counted("cpuMs"),
        childrenWatches: counted("childrenWatches"),
      }),
    });
  });
}

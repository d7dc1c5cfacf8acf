/** Trials of few candidates, one server for all of a file. */
import { afterAll, beforeAll } from "vitest";
import { schemes } from "../election/schemes.ts";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { faults } from "../faults/faults.ts";
import { defaultConditions } from "../history/conditions.ts";
import type { History } from "../history/history.ts";
import type { TrialOptions } from "../run/coordinator.ts";
import type { TrialProgress } from "../run/progress.ts";
import { ONE_TURN } from "../run/trial-plan.ts";
import { runWhole } from "../run/whole-trials.ts";

let scratch: Scratch;
/** A server that the trials of a file share. */
export let ensemble: LocalEnsemble;
let trials = 0;

/** Call this once in a file of tests. */
export function trialsShareAServer(): void {
  beforeAll(async () => {
    scratch = await Scratch.create();
    ensemble = await startLocal(scratch, { tickTimeMs: 50, fsync: true, runId: "trial-test" });
  });

  afterAll(async () => {
    await ensemble.close();
    await scratch[Symbol.asyncDispose]();
  });
}

type Options = Partial<TrialOptions> & Pick<TrialOptions, "scheme" | "schemeSource" | "fault">;

export const PLAIN = {
  scheme: schemes.predecessor,
  schemeSource: { name: "predecessor" },
  fault: faults.resign,
} as const satisfies Options;

export function optionsOf(options: Options): TrialOptions {
  return {
    trial: ++trials,
    ...defaultConditions,
    candidates: 6,
    failovers: 3,
    // Only a leader that falls silent is missed after this time.
    sessionTimeoutMs: options.fault === faults.freeze ? 1500 : 4000,
    electionName: "election",
    scratch,
    origin: process.hrtime.bigint(),
    ...options,
  };
}

/** All of them share their candidates' threads, one trial after the other. */
export function runAll(
  trials: readonly Options[],
  turns = ONE_TURN,
  signal = new AbortController().signal,
  onProgress: (progress: TrialProgress) => void = () => undefined,
): Promise<History[]> {
  return runWhole(ensemble, trials.map(optionsOf), { turns, signal, onProgress });
}

export async function run(
  options: Options,
  signal?: AbortSignal,
  onProgress?: (progress: TrialProgress) => void,
): Promise<History> {
  const [history] = await runAll([options], ONE_TURN, signal, onProgress);
  if (history === undefined) throw new Error("a trial has a history");
  return history;
}

/** A run: its trials in order, each judged and saved as it ends. */
import { cpus, type as osType, release, totalmem } from "node:os";
import { checkLimits } from "./candidates/limits.ts";
import { judge } from "./checkers/checker.ts";
import { judgeRemains } from "./checkers/cleanup.ts";
import type { TrialOptions, TrialProgress } from "./coordinator.ts";
import { schemes } from "./election/scheme.ts";
import { startEmbedded } from "./ensemble/embedded.ts";
import type { Ensemble } from "./ensemble/ensemble.ts";
import { connectExternal } from "./ensemble/external.ts";
import { Scratch } from "./ensemble/scratch.ts";
import { type Environment, RESULT_SCHEMA, type Result, type TrialResult } from "./export/result.ts";
import { RunFolder } from "./export/run-folder.ts";
import { faults } from "./faults/fault.ts";
import type { Remains } from "./history/history.ts";
import { clientVersion, gitHead, version } from "./installation.ts";
import { failovers as failoversOf } from "./metrics/failover.ts";
import { summariseTrial } from "./metrics/summary.ts";
import type { LabOptions } from "./options.ts";
import { runTrial, type Trial } from "./trial.ts";

/** What a run tells while it goes on, never inside a measured window. */
export type LabProgress =
  | { readonly type: "opening" }
  | { readonly type: "opened"; readonly environment: Environment }
  | { readonly type: "trial"; readonly plan: Plan; readonly trials: number; readonly progress: TrialProgress }
  | {
      readonly type: "trial-ended";
      readonly plan: Plan;
      readonly trials: number;
      readonly result: TrialResult;
    }
  | { readonly type: "closing" };

/** What one trial is to try. */
export type Plan = Omit<TrialOptions, "electionName" | "scratchFolder" | "origin">;

export interface Run {
  readonly result: Result;
  /** The folder that holds it. */
  readonly folder: string;
}

/**
 * Runs all trials. When the signal says so, it ends the one that runs, in order, and keeps what there is.
 * @throws {LabError} when it cannot begin: then nothing is left
 */
export async function runLab(
  options: LabOptions,
  argv: readonly string[],
  onProgress: (progress: LabProgress) => void,
  signal: AbortSignal,
): Promise<Run> {
  await checkLimits(Math.max(...options.candidates));
  const startedAt = new Date().toISOString();
  const origin = process.hrtime.bigint();
  const runId = `${startedAt.replace(/[:.]/g, "-")}-lab`;
  const folder = await RunFolder.create(options.out ?? `runs/${runId}`);
  const run: Result["run"] = {
    command: "lab",
    argv,
    startedAt,
    state: "interrupted",
    seed: options.seed,
    version,
    git: gitHead(),
  };
  /** What each trial left on the ensemble. */
  const remains: Remains[] = [];
  let result: Result | undefined;
  const scratch = await Scratch.create().catch(async (error) => {
    await folder.discard();
    throw error;
  });
  try {
    onProgress({ type: "opening" });
    const ensemble = await openEnsemble(scratch, options, runId);
    try {
      const environment = environmentOf(ensemble);
      result = { schema: RESULT_SCHEMA, run, environment, trials: [] };
      await folder.save(result);
      onProgress({ type: "opened", environment });
      const shared = { electionName: options.election, scratchFolder: scratch.folder, origin };
      const plans = plansOf(options);
      for (const plan of plans) {
        if (signal.aborted) break;
        const trial = await runTrial(
          ensemble,
          { ...plan, ...shared },
          (progress) => onProgress({ type: "trial", plan, trials: plans.length, progress }),
          signal,
        );
        const judged = resultOf(trial, options.seed);
        result = { ...result, trials: [...result.trials, judged] };
        remains.push(trial.remains);
        await folder.appendHistory(trial.history);
        await folder.save(result);
        onProgress({ type: "trial-ended", plan, trials: plans.length, result: judged });
        // What broke this trial breaks the next ones as well.
        if (judged.state === "errored") break;
      }
    } finally {
      onProgress({ type: "closing" });
      await ensemble.close();
    }
  } finally {
    await scratch[Symbol.asyncDispose]();
    if (result === undefined) await folder.discard();
  }
  result = concluded(result, remains, scratch.remains(), signal);
  await folder.save(result);
  return { result, folder: folder.path };
}

/** Files and processes can only be looked for when all is over; each trial's `cleanup` answers for them too. */
function concluded(
  result: Result,
  remains: readonly Remains[],
  left: { files: number; processes: number },
  signal: AbortSignal,
): Result {
  const trials = result.trials.map((trial, index) => {
    const cleanup = judgeRemains({ znodes: null, watches: null, ...remains[index], ...left });
    return { ...trial, verdicts: { ...trial.verdicts, cleanup } };
  });
  const failed = trials.some(({ state }) => state === "errored");
  const state = signal.aborted ? "interrupted" : failed ? "failed" : "completed";
  return { ...result, run: { ...result.run, state }, trials };
}

function openEnsemble(scratch: Scratch, options: LabOptions, runId: string): Promise<Ensemble> {
  const { connect, sessionTimeoutsMs } = options;
  return connect === undefined
    ? startEmbedded(scratch, { ...options, runId })
    : connectExternal({ connect, sessionTimeoutsMs, runId });
}

/** Lists multiply. Trials that are to be compared, those of different schemes, follow each other. */
function plansOf(options: LabOptions): Plan[] {
  const { failovers } = options;
  const plans = options.sessionTimeoutsMs.flatMap((sessionTimeoutMs) =>
    options.faults.flatMap((faultName) =>
      options.candidates.flatMap((candidates) =>
        options.schemes.map((name) => ({
          scheme: schemes[name],
          schemeSource: { name },
          fault: faults[faultName],
          candidates,
          failovers,
          sessionTimeoutMs,
        })),
      ),
    ),
  );
  return plans.map((plan, index) => ({ ...plan, trial: index + 1 }));
}

/** Record, then fold: here the histories become figures and verdicts. */
function resultOf({ end, history, enrolment, serverCounts }: Trial, seed: number): TrialResult {
  const { scheme, candidates, fault, sessionTimeoutMs } = history.header;
  const failovers = failoversOf(history);
  return {
    scheme,
    candidates,
    fault,
    sessionTimeoutMs,
    state: end.state,
    ...(end.state !== "completed" && { reason: end.reason }),
    enrolment,
    failovers: failovers.map((failover, index) => ({ ...failover, server: serverCounts[index] ?? null })),
    summary: summariseTrial(failovers, seed),
    verdicts: judge(history),
    warnings: [],
  };
}

function environmentOf(ensemble: Ensemble): Environment {
  const { version: serverVersion, servers, tickTimeMs, embedded, forceSync } = ensemble;
  const processors = cpus();
  return {
    node: process.version.slice(1),
    os: `${osType()} ${release()}`,
    cpu: processors[0]?.model ?? "unknown",
    cores: processors.length,
    memoryBytes: totalmem(),
    client: `zookeeper ${clientVersion()}`,
    server: { version: serverVersion, servers: servers.length, tickTimeMs, embedded, forceSync },
  };
}

/** A run: its trials in groups, each judged and saved as its group ends. */
import { isDeepStrictEqual } from "node:util";
import { median } from "simple-statistics";
import { caution, checkLimits } from "../candidates/limits.ts";
import { judgeRemains } from "../checkers/cleanup.ts";
import { schemes } from "../election/schemes.ts";
import { startEmbedded } from "../ensemble/embedded.ts";
import type { Ensemble } from "../ensemble/ensemble.ts";
import { connectExternal } from "../ensemble/external.ts";
import { lossOf } from "../ensemble/loss.ts";
import { inWords } from "../ensemble/refusal.ts";
import { Scratch } from "../ensemble/scratch.ts";
import type { Environment, Result, TrialResult } from "../export/result.ts";
import { faults } from "../faults/faults.ts";
import type { History, Remains } from "../history/history.ts";
import { gitHead, version } from "../installation.ts";
import { LabError } from "../lab-error.ts";
import { failovers } from "../metrics/failover.ts";
import type { BenchOptions } from "../options/bench.ts";
import type { LabOptions } from "../options/lab.ts";
import type { TrialProgress } from "./coordinator.ts";
import { environmentOf } from "./environment.ts";
import { type Axes, type Group, inARow, inTurns } from "./plan.ts";
import type { SavedRun } from "./read-run.ts";
import { RunFolder } from "./run-folder.ts";
import {
  CUT_SHORT,
  neverBegun,
  ONE_TURN,
  runTrials,
  SUSPENDED,
  sessionsOf,
  type TrialPlan,
} from "./trial.ts";
import { resultOf, trialResult } from "./trial-result.ts";

/** What a run tells while it goes on, never inside a measured window. */
export type LabProgress =
  | { readonly type: "opening"; readonly groups: readonly Group[] }
  /** What a person may want to change before it is tried. */
  | { readonly type: "caution"; readonly words: string }
  | { readonly type: "trial"; readonly plan: TrialPlan; readonly progress: TrialProgress }
  /** The median of the failovers so far, in milliseconds. */
  | { readonly type: "turn-ended"; readonly plan: TrialPlan; readonly p50: number | undefined }
  | { readonly type: "trial-ended"; readonly plan: TrialPlan; readonly result: TrialResult }
  | { readonly type: "closing" };

export interface Run {
  readonly result: Result;
  /** The folder that holds it. */
  readonly folder: string;
}

/**
 * Runs all trials. When the signal says so, it ends those that run, in order, and keeps what there is.
 * @param before an interrupted run of the same options: it goes on with the trials that it has not completed
 * @throws {LabError} when it cannot begin, and then nothing is left; or when it cannot go on
 */
export async function runLab(
  options: LabOptions | BenchOptions,
  argv: readonly string[],
  onProgress: (progress: LabProgress) => void,
  signal: AbortSignal,
  before?: SavedRun,
): Promise<Run> {
  const trials = before?.result.trials.filter(({ state }) => state === "completed") ?? [];
  const groups = groupsOf(options, new Set(trials.map(({ trial }) => trial)));
  const counts = groups.flatMap((group) => group.trials.map(({ candidates }) => candidates));
  await checkLimits(Math.max(0, ...counts));
  const startedAt = new Date().toISOString();
  const runId = `${startedAt.replace(/[:.]/g, "-")}-${options.type}`;
  const run: Result["run"] = {
    ...(before?.result.run ?? { command: options.type, argv, startedAt, seed: options.seed }),
    state: "interrupted",
    plannedTrials: groupsOf(options, new Set()).flatMap((group) => group.trials).length,
    version,
    git: gitHead(),
  };
  const folder =
    before === undefined
      ? await RunFolder.create(options.out ?? `runs/${runId}`)
      : RunFolder.open(before.folder);
  const discard = async () => {
    if (before === undefined) await folder.discard();
  };
  /** What each trial of this time left on the ensemble. */
  const remains = new Map<number, Remains>();
  let environment: Environment | undefined;
  let suspended = false;
  let gone: string | undefined;
  const scratch = await Scratch.create().catch(async (error) => {
    await discard();
    throw error;
  });
  try {
    scratch.checkCode();
    onProgress({ type: "opening", groups });
    const ensemble = await openEnsemble(scratch, options, { runId, groups });
    try {
      const here = environmentOf(ensemble);
      if (before !== undefined) {
        checkSame(before, here);
        await folder.keepHistories(new Set(trials.map(({ trial }) => trial)));
      }
      await folder.save(resultOf(run, here, trials));
      environment = here;
      for (const words of cautions(groups)) onProgress({ type: "caution", words });
      const origin = originAfter(before?.histories ?? []);
      const shared = {
        electionName: options.election,
        scratchFolder: scratch.folder,
        origin,
        counter: options.fence ? "guarded" : "unguarded",
        freezeForMs: options.freezeForMs,
      } as const;
      if (options.type === "bench") {
        const warmUp = warmUpOf(options.grid);
        await runTrials(ensemble, [{ ...warmUp, ...shared }], ONE_TURN, () => undefined, signal);
      }
      const keep = async (plan: TrialPlan, history: History) => {
        const result = trialResult(history, run.seed, here);
        trials.push(result);
        if (history.remains !== null) remains.set(result.trial, history.remains);
        await folder.appendHistory(history);
        onProgress({ type: "trial-ended", plan, result });
      };
      for (const { trials: plans, turns } of groups) {
        // Trials whose turns were cut short by another one's failure begin anew without it.
        for (let left = plans; left.length > 0 && !signal.aborted; ) {
          const trying = left.map((plan) => ({ plan, options: { ...plan, ...shared } }));
          gone ??= await lossOf(ensemble);
          const lost = gone;
          const histories =
            lost === undefined
              ? await runTrials(
                  ensemble,
                  trying.map(({ options }) => options),
                  turns,
                  (trial, progress) => {
                    const plan = plans.find((one) => one.trial === trial);
                    if (plan !== undefined) onProgress(told(plan, progress));
                  },
                  signal,
                )
              : trying.map(({ options }) => neverBegun(ensemble, options, lost));
          const ends = histories.map(({ observations }) => observations?.end);
          suspended ||= ends.includes(SUSPENDED);
          left = left.filter((_, index) => ends[index] === CUT_SHORT);
          for (const [index, { plan }] of trying.entries()) {
            const history = histories[index];
            if (history !== undefined && !left.includes(plan)) await keep(plan, history);
          }
          await folder.save(resultOf(run, environment, trials));
        }
      }
    } finally {
      onProgress({ type: "closing" });
      await ensemble.close();
    }
  } catch (error) {
    throw inWords(
      options.connect === undefined ? "the lab's own server" : `--connect ${options.connect}`,
      error,
    );
  } finally {
    await scratch[Symbol.asyncDispose]();
    if (environment === undefined) await discard();
  }
  const concluded = trials.map((trial) => withRemains(trial, remains.get(trial.trial), scratch.remains()));
  const result = resultOf(
    { ...run, state: stateOf(concluded, signal.aborted, suspended) },
    environment,
    concluded,
  );
  await folder.save(result);
  return { result, folder: folder.path };
}

/**
 * Nobody sees the figures of this trial. A server that has just started answers slower than it will, and a herd
 * makes it answer often.
 */
function warmUpOf(grid: readonly Axes[]): TrialPlan {
  return {
    trial: 0,
    scheme: schemes.leader,
    schemeSource: { name: "leader" },
    fault: faults.resign,
    // No more, and no other timeout, than what the ensemble has to bear anyway.
    candidates: Math.min(20, ...grid.flatMap(({ candidates }) => Math.max(...candidates))),
    failovers: 30,
    sessionTimeoutMs: Math.max(...grid.flatMap(({ sessionTimeoutMs }) => sessionTimeoutMs)),
  };
}

function told(plan: TrialPlan, progress: TrialProgress): LabProgress {
  if (progress.type !== "turn-ended") return { type: "trial", plan, progress };
  const totals = failovers(progress.history).flatMap(({ totalMs }) => totalMs ?? []);
  return { type: "turn-ended", plan, p50: totals.length === 0 ? undefined : median(totals) };
}

/** Files and processes can only be looked for when all is over; each trial's `cleanup` answers for them too. */
function withRemains(
  trial: TrialResult,
  remains: Remains | undefined,
  left: { files: number; processes: number },
): TrialResult {
  // It was judged when its own run ended.
  if (remains === undefined) return trial;
  return { ...trial, verdicts: { ...trial.verdicts, cleanup: judgeRemains({ ...remains, ...left }) } };
}

/** A run that was suspended is as one that was ended early: --resume makes up for what it lost. */
function stateOf(
  trials: readonly TrialResult[],
  aborted: boolean,
  suspended: boolean,
): Result["run"]["state"] {
  if (aborted) return "interrupted";
  if (trials.some(({ state }) => state === "errored")) return "failed";
  return suspended ? "interrupted" : "completed";
}

function cautions(groups: readonly Group[]): Set<string> {
  const words = groups.flatMap(({ trials }) =>
    trials.flatMap(({ candidates, sessionTimeoutMs }) => caution(candidates, sessionTimeoutMs) ?? []),
  );
  return new Set(words);
}

function groupsOf(options: LabOptions | BenchOptions, completed: ReadonlySet<number>): Group[] {
  const groups = options.type === "lab" ? inARow(options) : inTurns(options.grid);
  return groups
    .map(({ trials, turns }) => ({ turns, trials: trials.filter(({ trial }) => !completed.has(trial)) }))
    .filter(({ trials }) => trials.length > 0);
}

const NOBODY = { candidates: 0, sessions: 0 };

function openEnsemble(
  scratch: Scratch,
  options: LabOptions | BenchOptions,
  { runId, groups }: { readonly runId: string; readonly groups: readonly Group[] },
): Promise<Ensemble> {
  const { connect, auth } = options;
  if (connect === undefined) return startEmbedded(scratch, { ...options, runId });
  const axes = options.type === "lab" ? [options] : options.grid;
  const sessionTimeoutsMs = [...new Set(axes.flatMap((one) => one.sessionTimeoutMs))];
  const crowds = groups.flatMap(({ trials }) =>
    trials.map((trial) => ({ candidates: trial.candidates, sessions: sessionsOf(trial) })),
  );
  const crowd = crowds.reduce((most, one) => (one.sessions > most.sessions ? one : most), NOBODY);
  return connectExternal({ connect, auth, sessionTimeoutsMs, crowd, runId });
}

/** Figures from two machines do not belong into one run. */
function checkSame({ folder, result }: SavedRun, here: Environment): void {
  const { clockCostNs: _, ...before } = result.environment;
  const { clockCostNs: __, ...now } = here;
  if (isDeepStrictEqual(before, now)) return;
  throw new LabError(
    "usage",
    `--resume ${folder}: it was measured in another environment (Node ${before.node}, ZooKeeper ` +
      `${before.server.version}, ${before.os}, ${before.cores} cores); go on there, or start a new run`,
  );
}

/** The clock's zero of a run that goes on: its events come after those that it has. */
function originAfter(histories: readonly History[]): bigint {
  const last = Math.max(0, ...histories.map(({ events }) => events.at(-1)?.at ?? 0));
  return process.hrtime.bigint() - BigInt(Math.round(last));
}

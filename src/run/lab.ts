/** A run: its trials in groups, each judged and saved as its group ends. */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { caution, checkLimits, type Demand } from "../candidates/limits.ts";
import { judgeRemains } from "../checkers/cleanup.ts";
import type { Ensemble } from "../ensemble/ensemble.ts";
import { connectExternal } from "../ensemble/external.ts";
import { startLocal } from "../ensemble/local.ts";
import { inWords } from "../ensemble/refusal.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { ServerHook } from "../ensemble/server-hook.ts";
import type { Environment, Result, TrialResult } from "../export/result.ts";
import type { History, Remains } from "../history/history.ts";
import { gitHead, version } from "../installation.ts";
import { LabError } from "../lab-error.ts";
import { Network } from "../network/network.ts";
import { letsGoOfLostSockets } from "../zookeeper/binding.ts";
import { environmentOf } from "./environment.ts";
import type { Follower } from "./follower.ts";
import { needsNetwork, needsServerRelays } from "./paths.ts";
import type { EnsemblePlan, RunPlan } from "./plan.ts";
import type { Observer, RunProgress } from "./progress.ts";
import type { SavedRun } from "./read-run.ts";
import { RunFolder } from "./run-folder.ts";
import { type Course, runStage, type Stage, stagesOf } from "./stage.ts";
import { runTrials, sessionsOf } from "./trial.ts";
import { type Group, ONE_TURN, type TrialPlan, together } from "./trial-plan.ts";
import { resultOf } from "./trial-result.ts";

export interface Run {
  readonly result: Result;
  /** The folder that holds it. */
  readonly folder: string;
  /** `io`: the reason why the folder does not hold all of it. */
  readonly unsaved: LabError | undefined;
}

/**
 * Runs all trials. When the signal is aborted, it ends the running ones cleanly, and keeps the results so far.
 * If the folder can no longer be written to, the run ends as well, and still returns its measurements.
 * @param observers are told what happens, each in the order of the list
 * @param before an interrupted run of the same plan: this run does the trials that it has not completed
 * @throws {LabError} when the run cannot begin, and then nothing is left; or when it cannot go on
 */
export async function runLab(
  plan: RunPlan,
  observers: readonly Observer[],
  signal: AbortSignal,
  before?: SavedRun,
): Promise<Run> {
  const tell = (progress: RunProgress) => {
    for (const observer of observers) observer(progress);
  };
  const trials = before?.result.trials.filter(({ state }) => state === "completed") ?? [];
  const groups = groupsWithout(new Set(trials.map(({ trial }) => trial)), plan.groups);
  const letsGo = letsGoOfLostSockets();
  for (const demand of demandsOf(groups)) await checkLimits({ ...demand, descriptorsEach: letsGo ? 1 : 2 });
  const { command, argv, seed, thresholds } = plan;
  const plannedTrials = plan.groups.flatMap((group) => group.trials);
  const startedAt = new Date().toISOString();
  const runId = `${startedAt.replace(/[:.]/g, "-")}-${command}`;
  const run: Result["run"] = {
    ...(before?.result.run ?? { command, argv, startedAt, seed }),
    state: "interrupted",
    plannedTrials: plannedTrials.length,
    plannedFailovers: plannedTrials.reduce((sum, { failovers }) => sum + failovers, 0),
    version,
    git: gitHead(),
  };
  const folder =
    before === undefined
      ? await RunFolder.create(plan.out ?? `runs/${runId}`)
      : RunFolder.open(before.folder);
  const discard = async () => {
    if (before === undefined) await folder.discard();
  };
  /** What each trial of this session left on the ensemble. */
  const remains = new Map<number, Remains>();
  let environment: Environment | undefined;
  let suspended = false;
  let unsaved: LabError | undefined;
  let network: Network | undefined;
  const networks: Network[] = [];
  const scratch = await Scratch.create().catch(async (error) => {
    await discard();
    throw error;
  });
  try {
    scratch.checkCode();
    tell({ type: "opening", groups });
    const planned = stagesOf(plan.groups);
    const servers = Math.max(...planned.map((stage) => stage.servers));
    const origin = originAfter(before?.histories ?? []);
    const anotherNetwork = async () => {
      const another = await Network.open({ origin, seed: plan.seed });
      networks.push(another);
      return another;
    };
    const course: Omit<Course, "conclude" | "save"> = {
      shared: {
        electionName: plan.election,
        scratch,
        logFolder: join(folder.path, "candidates"),
        origin,
        seed: plan.seed,
        counter: plan.counter,
      },
      async network() {
        network ??= await anotherNetwork();
        return network;
      },
      anotherNetwork,
      ...{ folder, signal, tell },
    };
    const begin = async (ensemble: Ensemble) => {
      const here = environmentOf(ensemble, servers);
      if (before !== undefined) {
        checkSame(before, here);
        await folder.keepHistories(new Set(trials.map(({ trial }) => trial)));
      }
      await folder.save(resultOf(run, here, trials, thresholds));
      return here;
    };
    const tellCautions = () => {
      for (const words of [...plan.cautions, ...cautions(groups, letsGo)]) tell({ type: "caution", words });
    };
    const warmUp = async (ensemble: Ensemble) => {
      if (plan.warmUp !== undefined)
        await runTrials(ensemble, [{ ...plan.warmUp, ...course.shared }], ONE_TURN, nobody, signal);
    };
    // A run that lacks no trial still has to find its environment.
    const stages =
      groups.length > 0 ? stagesOf(groups) : planned.slice(0, 1).map((stage) => ({ ...stage, groups }));
    for (const stage of stages) {
      if (environment !== undefined) {
        if (signal.aborted) break;
        tell({ type: "changing-ensemble", servers: stage.servers });
      }
      const relayed = stage.groups.some(({ trials }) => trials.some(needsServerRelays));
      const ensemble = await openEnsemble(scratch, plan.ensemble, {
        ...{ runId, stage, network: relayed ? await course.network() : undefined },
      });
      const tellLeft = () => tell({ type: "left", left: ensemble.left });
      tellLeft();
      try {
        const isFirst = environment === undefined;
        const here = environment ?? (await begin(ensemble));
        environment = here;
        if (isFirst) tellCautions();
        await warmUp(ensemble);
        const stood = await runStage(ensemble, stage.groups, {
          ...course,
          conclude(plan, ledger, ending) {
            const result = ledger.result(ending, run.seed, here);
            trials.push(result);
            if (ending.remains !== null) remains.set(result.trial, ending.remains);
            tell({ type: "trial-ended", plan, result });
          },
          save: () => folder.save(resultOf(run, here, trials, thresholds)),
        });
        suspended ||= stood;
      } finally {
        if (stage === stages.at(-1)) tell({ type: "closing" });
        await ensemble.close().finally(tellLeft);
      }
    }
  } catch (error) {
    if (environment === undefined || !isUnsaved(error)) throw inWords(nameOf(plan.ensemble), error);
    unsaved = error;
  } finally {
    for (const one of networks) await one[Symbol.asyncDispose]();
    await scratch[Symbol.asyncDispose]();
    if (environment === undefined) await discard();
  }
  if (environment === undefined) throw new Error("a run has trials");
  const concluded = trials.map((trial) => withRemains(trial, remains.get(trial.trial), scratch.remains()));
  const cutShort = signal.aborted || unsaved !== undefined;
  const ended = { ...run, state: stateOf(concluded, cutShort, suspended) };
  const result = resultOf(ended, environment, concluded, thresholds);
  try {
    if (unsaved === undefined) await folder.save(result);
  } catch (error) {
    if (!isUnsaved(error)) throw error;
    unsaved = error;
  }
  return { result, folder: folder.path, unsaved };
}

/** Whether the run's folder can no longer be written to. */
function isUnsaved(error: unknown): error is LabError {
  return error instanceof LabError && error.code === "io";
}

/** Files and processes can only be checked when everything is over; each trial's `cleanup` covers them too. */
function withRemains(
  trial: TrialResult,
  remains: Remains | undefined,
  left: { files: number; processes: number },
): TrialResult {
  // It was judged when its own run ended.
  if (remains === undefined) return trial;
  return { ...trial, verdicts: { ...trial.verdicts, cleanup: judgeRemains({ ...remains, ...left }) } };
}

/** A suspended run counts as ended early: --resume repeats what it lost. */
function stateOf(
  trials: readonly TrialResult[],
  aborted: boolean,
  suspended: boolean,
): Result["run"]["state"] {
  if (aborted) return "interrupted";
  if (trials.some(({ state }) => state === "errored")) return "failed";
  return suspended ? "interrupted" : "completed";
}

function cautions(groups: readonly Group[], letsGo: boolean): Set<string> {
  const trials = groups.flatMap((group) => group.trials);
  const words = trials.flatMap(
    ({ candidates, sessionTimeoutMs }) => caution(candidates, sessionTimeoutMs) ?? [],
  );
  const most = Math.max(1, ...trials.map(({ perThread }) => perThread));
  if (most > 1 && !letsGo) words.push(unsafelyShared(most));
  return new Set(words);
}

function unsafelyShared(perThread: number): string {
  return (
    `--per-thread ${perThread}: the package zookeeper is installed as it was published; if sessions of a thread lose ` +
    "their connections together, some may be deaf for a while, or the lab may end; a clone of this project has it mended"
  );
}

/** The most candidates at a time in processes, and in threads that as many share. */
function demandsOf(groups: readonly Group[]): Demand[] {
  const trials = groups.flatMap((group) => group.trials);
  const homes = new Map(
    trials.map(({ host, perThread }) => [
      host === "thread" ? perThread : "process",
      { host: host === "thread" ? host : "process", perThread } as const,
    ]),
  );
  return [...homes.values()].map(({ host, perThread }) => {
    const lives = (trial: TrialPlan) =>
      (trial.host === "thread") === (host === "thread") && trial.perThread === perThread;
    const most = (counts: (trial: TrialPlan) => number) =>
      Math.max(0, ...groups.map((group) => together(group, (trial) => (lives(trial) ? counts(trial) : 0))));
    const candidates = most((trial) => trial.candidates);
    return {
      ...{ candidates, host, perThread },
      sessionsEach: most(sessionsOf) / candidates,
      servers: Math.min(...trials.filter(lives).map((trial) => trial.servers)),
      relayed: most((trial) => (needsNetwork(trial) ? trial.candidates : 0)),
    };
  });
}

function groupsWithout(completed: ReadonlySet<number>, groups: readonly Group[]): Group[] {
  return groups
    .map(({ trials, turns }) => ({ turns, trials: trials.filter(({ trial }) => !completed.has(trial)) }))
    .filter(({ trials }) => trials.length > 0);
}

/** Nobody follows a warm-up. */
const nobody: Follower = { begins() {}, async hears() {}, progress() {} };

const NOBODY = { candidates: 0, sessions: 0 };

interface OpenOptions {
  readonly runId: string;
  readonly stage: Stage;
  /** If the run's own servers are to reach each other through relays. */
  readonly network: Network | undefined;
}

function openEnsemble(
  scratch: Scratch,
  plan: EnsemblePlan,
  { runId, stage: { servers, disks, groups }, network }: OpenOptions,
): Promise<Ensemble> {
  if (plan.type === "embedded") return startLocal(scratch, { ...plan, servers, disks, runId, network });
  const trials = groups.flatMap((group) => group.trials);
  const sessionTimeoutsMs = [...new Set(trials.map((trial) => trial.sessionTimeoutMs))];
  const crowds = groups.map((group) => ({
    candidates: together(group, ({ candidates }) => candidates),
    sessions: together(group, sessionsOf),
  }));
  const crowd = crowds.reduce((most, one) => (one.sessions > most.sessions ? one : most), NOBODY);
  const hook = plan.hook === undefined ? undefined : new ServerHook(scratch, plan.hook);
  return connectExternal({ ...plan, sessionTimeoutsMs, crowd, runId, hook });
}

function nameOf(ensemble: EnsemblePlan): string {
  return ensemble.type === "embedded" ? "the lab's own server" : `--connect ${ensemble.connect}`;
}

/** Figures from two machines do not belong in one run. */
function checkSame({ folder, result }: SavedRun, here: Environment): void {
  const { clockCostNs: _, ...before } = result.environment;
  const { clockCostNs: __, ...now } = here;
  if (isDeepStrictEqual(before, now)) return;
  throw new LabError(
    "usage",
    `--resume ${folder}: it was measured in another environment (Node ${before.node}, ZooKeeper ` +
      `${before.server.version}, ${before.os}, ${before.cores} cores); resume it there, or start a new run`,
  );
}

/** The clock's zero of a resumed run: its events come after those that exist. */
function originAfter(histories: readonly History[]): bigint {
  const last = Math.max(0, ...histories.map(({ events }) => events.at(-1)?.at ?? 0));
  return process.hrtime.bigint() - BigInt(Math.round(last));
}

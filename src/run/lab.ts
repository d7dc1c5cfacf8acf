/** A run: its trials in groups, each judged and saved as its group ends. */
import { isDeepStrictEqual } from "node:util";
import { caution, checkLimits } from "../candidates/limits.ts";
import { judgeRemains } from "../checkers/cleanup.ts";
import type { Ensemble } from "../ensemble/ensemble.ts";
import { connectExternal } from "../ensemble/external.ts";
import { startLocal } from "../ensemble/local.ts";
import { lossOf } from "../ensemble/loss.ts";
import { inWords } from "../ensemble/refusal.ts";
import { Scratch } from "../ensemble/scratch.ts";
import type { Environment, Result, TrialResult } from "../export/result.ts";
import { sameConditions } from "../history/conditions.ts";
import type { Ending, History, Remains } from "../history/history.ts";
import { gitHead, version } from "../installation.ts";
import { LabError } from "../lab-error.ts";
import { Network } from "../network/network.ts";
import { Crew } from "./crew.ts";
import { environmentOf } from "./environment.ts";
import type { Follower } from "./follower.ts";
import { Ledger } from "./ledger.ts";
import { needsNetwork, needsServerRelays } from "./paths.ts";
import type { EnsemblePlan, RunPlan } from "./plan.ts";
import type { Observer, RunProgress } from "./progress.ts";
import type { SavedRun } from "./read-run.ts";
import { RunFolder } from "./run-folder.ts";
import { CUT_SHORT, neverBegun, runTrials, SUSPENDED, sessionsOf } from "./trial.ts";
import { type Group, ONE_TURN, type TrialPlan } from "./trial-plan.ts";
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
  const all = groups.flatMap((group) => group.trials);
  const most = (some: readonly TrialPlan[]) => Math.max(0, ...some.map(({ candidates }) => candidates));
  await checkLimits(most(all), undefined, undefined, most(all.filter(needsNetwork)));
  const { command, argv, seed } = plan;
  const startedAt = new Date().toISOString();
  const runId = `${startedAt.replace(/[:.]/g, "-")}-${command}`;
  const run: Result["run"] = {
    ...(before?.result.run ?? { command, argv, startedAt, seed }),
    state: "interrupted",
    plannedTrials: plan.groups.flatMap((group) => group.trials).length,
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
  let gone: string | undefined;
  let unsaved: LabError | undefined;
  let network: Network | undefined;
  const scratch = await Scratch.create().catch(async (error) => {
    await discard();
    throw error;
  });
  try {
    scratch.checkCode();
    tell({ type: "opening", groups });
    const origin = originAfter(before?.histories ?? []);
    const openNetwork = () => Network.open({ origin, seed: plan.seed });
    if (all.some(needsServerRelays)) network = await openNetwork();
    const ensemble = await openEnsemble(scratch, plan.ensemble, { runId, groups, network });
    const tellLeft = () => tell({ type: "left", left: ensemble.left });
    tellLeft();
    let crew: Crew | undefined;
    try {
      const here = environmentOf(ensemble);
      if (before !== undefined) {
        checkSame(before, here);
        await folder.keepHistories(new Set(trials.map(({ trial }) => trial)));
      }
      await folder.save(resultOf(run, here, trials));
      environment = here;
      for (const words of cautions(groups)) tell({ type: "caution", words });
      const shared = {
        electionName: plan.election,
        scratchFolder: scratch.folder,
        origin,
        counter: plan.counter,
        freezeForMs: plan.freezeForMs,
      };
      if (plan.warmUp !== undefined)
        await runTrials(ensemble, [{ ...plan.warmUp, ...shared }], ONE_TURN, nobody, signal);
      const conclude = (plan: TrialPlan, ledger: Ledger, ending: Ending) => {
        const result = ledger.result(ending, run.seed, here);
        trials.push(result);
        if (ending.remains !== null) remains.set(result.trial, ending.remains);
        tell({ type: "trial-ended", plan, result });
      };
      for (const [index, { trials: plans, turns }] of groups.entries()) {
        const stays = isFollowedByItsLike(groups, index);
        // Trials whose turns were cut short by another one's failure start again without it.
        for (let left = plans; !signal.aborted; ) {
          const trying = left.map((plan) => ({ plan, options: { ...plan, ...shared } }));
          const [first] = trying;
          if (first === undefined) break;
          gone ??= await lossOf(ensemble);
          const lost = gone;
          // A thread may also fail between two trials.
          if (crew?.failure.aborted) await crew.leave();
          if (crew === undefined || crew.isGone) {
            const needs = left.some(needsNetwork);
            if (needs) network ??= await Network.open({ origin, seed: plan.seed });
            crew = await Crew.of(ensemble, first.options, needs ? network : undefined);
          }
          const ledgers = new Map<number, Ledger>();
          const follower: Follower = {
            begins: (header) => void ledgers.set(header.trial, new Ledger(header, folder)),
            hears: async (trial, told) => ledgers.get(trial)?.hear(told),
            progress(trial, progress) {
              const plan = plans.find((one) => one.trial === trial);
              if (plan === undefined) return;
              if (progress.type !== "turn-ended") tell({ plan, ...progress });
              else tell({ plan, ...progress, p50: ledgers.get(trial)?.p50 });
            },
          };
          const endings =
            lost === undefined
              ? await runTrials(
                  ensemble,
                  trying.map(({ options }) => options),
                  turns,
                  follower,
                  signal,
                  { crew, stays },
                )
              : trying.map(({ options }) => neverBegun(options, lost));
          const ends = endings.map(({ ending }) => ending.observations?.end);
          suspended ||= ends.includes(SUSPENDED);
          left = left.filter((_, index) => ends[index] === CUT_SHORT);
          const concluded = trying.flatMap(({ plan }, index) => {
            const found = endings[index];
            if (found === undefined || left.includes(plan)) return [];
            const { header, ending } = found;
            return { plan, ending, ledger: ledgers.get(header.trial) ?? new Ledger(header, folder) };
          });
          // All results come first: none is lost if another trial's history cannot be written.
          for (const { plan, ledger, ending } of concluded) conclude(plan, ledger, ending);
          for (const { ledger, ending } of concluded) await ledger.close(ending);
          await folder.save(resultOf(run, environment, trials));
        }
      }
    } finally {
      tell({ type: "closing" });
      await crew?.leave();
      await ensemble.close().finally(tellLeft);
    }
  } catch (error) {
    if (environment === undefined || !isUnsaved(error)) throw inWords(nameOf(plan.ensemble), error);
    unsaved = error;
  } finally {
    await network?.[Symbol.asyncDispose]();
    await scratch[Symbol.asyncDispose]();
    if (environment === undefined) await discard();
  }
  const concluded = trials.map((trial) => withRemains(trial, remains.get(trial.trial), scratch.remains()));
  const cutShort = signal.aborted || unsaved !== undefined;
  const result = resultOf({ ...run, state: stateOf(concluded, cutShort, suspended) }, environment, concluded);
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

function cautions(groups: readonly Group[]): Set<string> {
  const words = groups.flatMap(({ trials }) =>
    trials.flatMap(({ candidates, sessionTimeoutMs }) => caution(candidates, sessionTimeoutMs) ?? []),
  );
  return new Set(words);
}

function groupsWithout(completed: ReadonlySet<number>, groups: readonly Group[]): Group[] {
  return groups
    .map(({ trials, turns }) => ({ turns, trials: trials.filter(({ trial }) => !completed.has(trial)) }))
    .filter(({ trials }) => trials.length > 0);
}

/** Whether the threads of a group can serve the next one as well. */
function isFollowedByItsLike(groups: readonly Group[], index: number): boolean {
  const [[one], [next]] = [groups[index]?.trials ?? [], groups[index + 1]?.trials ?? []];
  return one !== undefined && next !== undefined && sameConditions(one, next);
}

/** Nobody follows a warm-up. */
const nobody: Follower = { begins() {}, async hears() {}, progress() {} };

const NOBODY = { candidates: 0, sessions: 0 };

interface OpenOptions {
  readonly runId: string;
  readonly groups: readonly Group[];
  /** If the run's own servers are to reach each other through relays. */
  readonly network: Network | undefined;
}

function openEnsemble(
  scratch: Scratch,
  plan: EnsemblePlan,
  { runId, groups, network }: OpenOptions,
): Promise<Ensemble> {
  if (plan.type === "embedded") return startLocal(scratch, { ...plan, runId, network });
  const trials = groups.flatMap((group) => group.trials);
  const sessionTimeoutsMs = [...new Set(trials.map((trial) => trial.sessionTimeoutMs))];
  const crowds = trials.map((trial) => ({ candidates: trial.candidates, sessions: sessionsOf(trial) }));
  const crowd = crowds.reduce((most, one) => (one.sessions > most.sessions ? one : most), NOBODY);
  return connectExternal({ ...plan, sessionTimeoutsMs, crowd, runId });
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

/** A stage of a run: groups of trials, one after the other, on one ensemble. */
import type { Ensemble } from "../ensemble/ensemble.ts";
import { lossOf } from "../ensemble/loss.ts";
import { sameConditions } from "../history/conditions.ts";
import type { Ending } from "../history/history.ts";
import type { Network } from "../network/network.ts";
import type { TrialOptions } from "./coordinator.ts";
import { Crew } from "./crew.ts";
import type { Follower } from "./follower.ts";
import { Ledger } from "./ledger.ts";
import { needsNetwork } from "./paths.ts";
import type { RunProgress } from "./progress.ts";
import type { RunFolder } from "./run-folder.ts";
import { CUT_SHORT, neverBegun, runTrials, SUSPENDED, type TrialEnding } from "./trial.ts";
import { type Group, ONE_TURN, type TrialPlan } from "./trial-plan.ts";

export interface Stage {
  /** The size of the ensemble. */
  readonly servers: number;
  /** Whether each server has a small disk of its own. */
  readonly disks: boolean;
  readonly groups: readonly Group[];
}

/** Groups on the same servers share an ensemble if they follow each other. */
export function stagesOf(groups: readonly Group[]): Stage[] {
  const stages: { servers: number; disks: boolean; groups: Group[] }[] = [];
  for (const group of groups) {
    const servers = group.trials[0]?.servers ?? 1;
    const disks = group.trials.some(({ fault }) => fault.needs.some(({ what }) => what === "disk"));
    const last = stages.at(-1);
    if (last?.servers === servers && last.disks === disks) last.groups.push(group);
    else stages.push({ servers, disks, groups: [group] });
  }
  return stages;
}

/** What all stages of a run share. */
export interface Course {
  /** What all trials have in common. */
  readonly shared: Omit<TrialOptions, keyof TrialPlan>;
  readonly folder: RunFolder;
  /** Opens the run's network, when the first trial needs it. */
  readonly network: () => Promise<Network>;
  /** Opens one more: candidates of different crews have the same numbers. */
  readonly anotherNetwork: () => Promise<Network>;
  /** Ends the running trials cleanly. */
  readonly signal: AbortSignal;
  readonly tell: (progress: RunProgress) => void;
  /** Called when a trial has ended, before its history is complete. */
  readonly conclude: (plan: TrialPlan, ledger: Ledger, ending: Ending) => void;
  /** Saves all results so far. */
  readonly save: () => Promise<void>;
}

/**
 * @returns whether the process was suspended in the middle of a trial
 * @throws {LabError} `io` when the folder can no longer be written to
 */
export async function runStage(
  ensemble: Ensemble,
  groups: readonly Group[],
  { shared, folder, network, anotherNetwork, signal, tell, conclude, save }: Course,
): Promise<boolean> {
  let crew: Crew | undefined;
  let gone: string | undefined;
  let suspended = false;
  try {
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
        const relays = () => (left.some(needsNetwork) ? network() : undefined);
        const hire = async () => {
          if (crew === undefined || crew.isGone)
            crew = await Crew.of(ensemble, first.options, await relays());
          return crew;
        };
        const ledgers = new Map<number, Ledger>();
        const follower: Follower = {
          begins: (header) => void ledgers.set(header.trial, new Ledger(header, folder)),
          async hears(trial, told) {
            await ledgers.get(trial)?.hear(told);
            const plan = plans.find((one) => one.trial === trial);
            if (plan !== undefined) tell({ type: "told", plan, told });
          },
          progress(trial, progress) {
            const plan = plans.find((one) => one.trial === trial);
            if (plan === undefined) return;
            if (progress.type !== "turn-ended") tell({ plan, ...progress });
            else tell({ plan, ...progress, p50: ledgers.get(trial)?.p50 });
          },
        };
        const options = trying.map((one) => one.options);
        const endings =
          lost !== undefined
            ? options.map((one) => neverBegun(one, lost))
            : turns.order === "at-once"
              ? await runAtOnce(ensemble, options, follower, signal, anotherNetwork)
              : await runTrials(ensemble, options, turns, follower, signal, { crew: await hire(), stays });
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
        await save();
      }
    }
    return suspended;
  } finally {
    await crew?.leave();
  }
}

/** Each trial with a crew of its own, on paths of its own. */
async function runAtOnce(
  ensemble: Ensemble,
  trials: readonly TrialOptions[],
  follower: Follower,
  signal: AbortSignal,
  anotherNetwork: () => Promise<Network>,
): Promise<TrialEnding[]> {
  const run = async (trial: TrialOptions) => {
    const crew = await Crew.of(ensemble, trial, needsNetwork(trial) ? await anotherNetwork() : undefined);
    try {
      return await runTrials(ensemble, [trial], ONE_TURN, follower, signal, { crew, stays: false });
    } finally {
      await crew.leave();
    }
  };
  // Whatever becomes of one, nobody leaves the others behind.
  const ends = await Promise.allSettled(trials.map(run));
  return ends.flatMap((end) => {
    if (end.status === "rejected") throw end.reason;
    return end.value;
  });
}

/** Whether the threads of a group can serve the next one as well. */
function isFollowedByItsLike(groups: readonly Group[], index: number): boolean {
  const [[one], [next]] = [groups[index]?.trials ?? [], groups[index + 1]?.trials ?? []];
  return one !== undefined && next !== undefined && sameConditions(one, next);
}

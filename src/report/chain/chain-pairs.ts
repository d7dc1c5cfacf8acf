/** Decides which trials of a run to show side by side: schemes under the same conditions. */

import { conditionKey, conditionText, toldOf } from "../../history/conditions.ts";
import type { TrialHeader } from "../../history/header.ts";
import { groupsOf } from "../../metrics/groups.ts";

export interface Pair<T> {
  readonly name: string;
  /** Three at most: the recipe, the herd, the heir. */
  readonly trials: readonly T[];
}

/** The conditions under which most schemes ran come first, and among them those with the fewest candidates. */
export function pairsOf<T>(trials: readonly T[], headerOf: (trial: T) => TrialHeader): Pair<T>[] {
  const told = toldOf(trials.map(headerOf));
  return groupsOf(trials, (trial) => conditionKey(headerOf(trial)))
    .map((group) => ({ group, trials: chosenOf(group, headerOf) }))
    .sort((a, b) => b.trials.length - a.trials.length || sizeOf(a.group) - sizeOf(b.group))
    .map(({ group, trials: chosen }) => ({ name: nameOf(group), trials: chosen }));

  function sizeOf([first]: readonly T[]): number {
    return first === undefined ? 0 : headerOf(first).candidates;
  }

  function nameOf([first]: readonly T[]): string {
    return first === undefined ? "" : conditionText(headerOf(first), told);
  }
}

/** The recipe beside the herd if both ran, and beside the heir; otherwise the first two. */
function chosenOf<T>(group: readonly T[], headerOf: (trial: T) => TrialHeader): T[] {
  const of = (scheme: string) => group.find((trial) => headerOf(trial).scheme === scheme);
  const [predecessor, leader, heir] = [of("predecessor"), of("leader"), of("heir")];
  if (predecessor !== undefined && leader !== undefined)
    return heir === undefined ? [predecessor, leader] : [predecessor, leader, heir];
  const schemes = new Map(group.toReversed().map((trial) => [headerOf(trial).scheme, trial]));
  return [...schemes.values()].toReversed().slice(0, 2);
}

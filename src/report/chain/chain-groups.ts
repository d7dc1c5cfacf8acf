/** Decides which trials of a run to show side by side: its schemes under the same conditions. */

import { conditionKey, conditionText, toldOf } from "../../history/conditions.ts";
import type { TrialHeader } from "../../history/header.ts";
import { groupsOf } from "../../metrics/groups.ts";
import { inOrder } from "../scheme-style.ts";

export interface ChainGroup<T> {
  readonly name: string;
  /** The first one of each scheme. */
  readonly trials: readonly T[];
}

/** The conditions under which most schemes ran come first, and among them those with the fewest candidates. */
export function chainGroups<T>(trials: readonly T[], headerOf: (trial: T) => TrialHeader): ChainGroup<T>[] {
  const told = toldOf(trials.map(headerOf));
  return groupsOf(trials, (trial) => conditionKey(headerOf(trial)))
    .flatMap((group) => {
      const [first] = group.map(headerOf);
      if (first === undefined) return [];
      const chosen = inOrder(group.map((trial) => headerOf(trial).scheme)).flatMap(
        (scheme) => group.find((trial) => headerOf(trial).scheme === scheme) ?? [],
      );
      return { name: conditionText(first, told), candidates: first.candidates, trials: chosen };
    })
    .sort((a, b) => b.trials.length - a.trials.length || a.candidates - b.candidates);
}

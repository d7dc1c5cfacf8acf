/** Which trials of a run to set side by side: schemes under the same conditions. */
import type { TrialHeader } from "../../history/header.ts";

export interface Pair<T> {
  readonly name: string;
  /** Three at the most: the recipe, the herd, the heir. */
  readonly trials: readonly T[];
}

/** The conditions under which most schemes ran come first, and among them those of the fewest candidates. */
export function pairsOf<T>(trials: readonly T[], headerOf: (trial: T) => TrialHeader): Pair<T>[] {
  const groups = new Map<string, T[]>();
  for (const trial of trials) {
    const { candidates, fault, sessionTimeoutMs } = headerOf(trial);
    const key = JSON.stringify([candidates, fault, sessionTimeoutMs]);
    groups.set(key, [...(groups.get(key) ?? []), trial]);
  }
  return [...groups.values()]
    .map((group) => ({ group, trials: chosenOf(group, headerOf) }))
    .sort((a, b) => b.trials.length - a.trials.length || sizeOf(a.group) - sizeOf(b.group))
    .map(({ group, trials: chosen }) => ({ name: nameOf(group), trials: chosen }));

  function sizeOf([first]: readonly T[]): number {
    return first === undefined ? 0 : headerOf(first).candidates;
  }

  function nameOf([first]: readonly T[]): string {
    if (first === undefined) return "";
    const { candidates, fault, sessionTimeoutMs } = headerOf(first);
    const timeouts = new Set(trials.map((trial) => headerOf(trial).sessionTimeoutMs));
    const timeout = timeouts.size > 1 ? `, session timeout ${sessionTimeoutMs} ms` : "";
    return `${candidates} candidates, ${fault}${timeout}`;
  }
}

/** The recipe beside the herd where both ran, and beside the heir; else the first two. */
function chosenOf<T>(group: readonly T[], headerOf: (trial: T) => TrialHeader): T[] {
  const of = (scheme: string) => group.find((trial) => headerOf(trial).scheme === scheme);
  const [predecessor, leader, heir] = [of("predecessor"), of("leader"), of("heir")];
  if (predecessor !== undefined && leader !== undefined)
    return heir === undefined ? [predecessor, leader] : [predecessor, leader, heir];
  const schemes = new Map(group.toReversed().map((trial) => [headerOf(trial).scheme, trial]));
  return [...schemes.values()].toReversed().slice(0, 2);
}

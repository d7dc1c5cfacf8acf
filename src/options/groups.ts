/**
 * Expands what a run is to try: lists multiply into trials, and trials that differ only in their scheme form a
 * group.
 */
import type { Scheme } from "../election/scheme.ts";
import { type SchemeName, schemes } from "../election/schemes.ts";
import type { Fault } from "../faults/fault.ts";
import { withWill } from "../faults/outcome.ts";
import { type ConditionLists, combinations, sameConditions } from "../history/conditions.ts";
import { type Group, ONE_TURN, type TrialPlan, type Turns } from "../run/trial-plan.ts";

/** A scheme, and where the candidates' threads load it from. */
export interface PlannedScheme {
  readonly scheme: Scheme;
  readonly source: TrialPlan["schemeSource"];
}

/** The lab's own schemes. */
export function ours(...names: readonly SchemeName[]): PlannedScheme[] {
  return names.map((name) => ({ scheme: schemes[name], source: { name } }));
}

/** Values that multiply: there is a trial for each combination. */
export interface Axes extends Omit<ConditionLists, "fault"> {
  readonly fault: readonly Fault[];
  readonly schemes: readonly PlannedScheme[];
  readonly failovers: number;
}

/** Long enough to be worth the change, short enough that a slow minute does not affect one scheme alone. */
const TURNS: Turns = { failovers: 10, warmUps: 1 };

/** One trial after the other, with everything measured. */
export function oneByOne(grid: readonly Axes[]): Group[] {
  return numbered(grid).map((trial) => ({ trials: [trial], turns: ONE_TURN }));
}

/** Schemes take turns under the same conditions, after a warm-up each time. */
export function inTurns(grid: readonly Axes[]): Group[] {
  const groups: { trials: TrialPlan[]; turns: Turns }[] = [];
  for (const trial of numbered(grid)) {
    const last = groups.at(-1);
    const [first] = last?.trials ?? [];
    if (first !== undefined && sameConditions(first, trial)) last?.trials.push(trial);
    else groups.push({ trials: [trial], turns: TURNS });
  }
  return groups;
}

/** What follows from a fault depends on what it strikes. */
function faultFor(fault: Fault, host: string): Fault {
  if (host === "process-with-will") return withWill(fault);
  // Nobody knows how often a program lets the servers hear from it.
  return host === "program" && fault.fallsSilent === true ? { ...fault, fallsSilent: "perhaps" } : fault;
}

/** Trials on the same number of servers follow each other: they share an ensemble. */
function numbered(grid: readonly Axes[]): TrialPlan[] {
  const sizes = [...new Set(grid.flatMap(({ servers }) => servers))];
  return sizes
    .flatMap((size) => grid.map((axes) => ({ ...axes, servers: axes.servers.filter((one) => one === size) })))
    .flatMap(({ schemes: planned, failovers, ...lists }) =>
      combinations(lists).flatMap((conditions) =>
        planned.map(({ scheme, source }) => ({
          ...conditions,
          fault: faultFor(conditions.fault, conditions.host),
          scheme,
          schemeSource: source,
          failovers,
        })),
      ),
    )
    .map((trial, index) => ({ ...trial, trial: index + 1 }));
}

/** Groups the warnings of many trials by kind: the first one represents all. */
import { toldOf, trialText } from "../history/conditions.ts";
import { rankOf, type Warning } from "../metrics/warning.ts";
import type { TrialResult } from "./result.ts";

export interface WarningGroup {
  /** The first trial's warning. */
  readonly warning: Warning;
  /**
   * "predecessor, 50 candidates, resign, and 3 more trials"; with the session timeout if the trials have
   * several.
   */
  readonly where: string;
  /** The number of trials that have it. */
  readonly trials: number;
}

/** The worst kinds come first. */
export function warningGroups(trials: readonly TrialResult[]): WarningGroup[] {
  const told = toldOf(trials);
  const found = new Map<
    Warning["type"],
    { warning: Warning; trial: TrialResult; trials: Set<TrialResult> }
  >();
  for (const trial of trials) {
    for (const warning of trial.warnings) {
      const group = found.get(warning.type) ?? { warning, trial, trials: new Set() };
      found.set(warning.type, group);
      group.trials.add(trial);
    }
  }
  const groups = [...found.values()].map(({ warning, trial, trials }) => {
    const more = trials.size - 1;
    const others = more === 0 ? [] : [`and ${more} more trial${more === 1 ? "" : "s"}`];
    return { warning, where: [trialText(trial, told), ...others].join(", "), trials: trials.size };
  });
  return groups.sort((a, b) => rankOf(a.warning) - rankOf(b.warning));
}

/** One line that says what was seen, where, and what to do. */
export function warningSentence({ warning: { type, message, hint }, where }: WarningGroup): string {
  return `${type}: ${message} (${where}); ${hint}`;
}

/**
 * Removes counts that cannot be right, because a number that only grows has decreased. No count is better than
 * a wrong one.
 */
import type { MetTrouble } from "../history/observations.ts";
import type { ServerDifference } from "../history/server-difference.ts";

type Name = keyof ServerDifference;

/** The impossible counts of one failover. */
export interface ImpossibleCounts {
  readonly failover: number;
  readonly names: readonly Name[];
}

export interface CheckedCounts {
  readonly servers: readonly (ServerDifference | null)[];
  readonly impossible: readonly ImpossibleCounts[];
}

/**
 * The counts without impossible ones. If several servers share one address, nobody knows which server gave the
 * other counts.
 * @param failovers the numbers of the failovers that the counts belong to, in the same order
 */
export function possibleCounts(
  servers: readonly (ServerDifference | null)[],
  failovers: readonly number[],
  troubles: readonly MetTrouble[],
): CheckedCounts {
  if (troubles.some(({ type }) => type === "several"))
    return { servers: servers.map(() => null), impossible: [] };
  const impossible: ImpossibleCounts[] = [];
  const checked = servers.map((counts, index) => {
    const failover = failovers[index];
    const names = counts === null ? [] : namesOf(counts).filter((name) => (counts[name] ?? 0) < 0);
    if (counts === null || names.length === 0) return counts;
    if (failover !== undefined) impossible.push({ failover, names });
    return { ...counts, ...Object.fromEntries(names.map((name) => [name, null])) };
  });
  return { servers: checked, impossible };
}

function namesOf(counts: ServerDifference): Name[] {
  return Object.keys(counts) as Name[];
}

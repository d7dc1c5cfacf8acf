/** Finds which of a run's histories are lost: the file was cut off, or is older than the result beside it. */
import type { History } from "../history/history.ts";
import type { Result } from "./result.ts";

interface Run {
  readonly result: Pick<Result, "trials">;
  readonly histories: readonly History[];
}

/** A part of a sentence, after the name of the file or the run. */
export function lostHistories({ result: { trials }, histories }: Run): string | undefined {
  const there = new Set(histories.map(({ header }) => header.trial));
  const lost = trials.map(({ trial }) => trial).filter((trial) => !there.has(trial));
  if (lost.length === 0) return undefined;
  const found = `${trials.length - lost.length} of ${trials.length} trials`;
  return `has the history of ${found}: that of ${lost.join(", ")} was cut off or never written`;
}

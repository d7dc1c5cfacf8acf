/** What a person is told of candidates that shared threads. */
import { listed } from "./listed.ts";
import type { TrialResult } from "./result.ts";

/** A sentence, if there were any. */
export function sharedThreads(
  trials: readonly Pick<TrialResult, "candidates" | "perThread">[],
): string | null {
  const shared = trials.filter(({ perThread }) => perThread > 1);
  if (shared.length === 0) return null;
  const counts = [...new Set(shared.map(({ perThread }) => perThread))].sort((a, b) => a - b);
  const threads = [
    ...new Set(shared.map(({ candidates, perThread }) => Math.ceil(candidates / perThread))),
  ].sort((a, b) => a - b);
  const where = shared.length === trials.length ? "" : ` in ${shared.length} of ${trials.length} trials`;
  return (
    `Up to ${listed(counts.map(String))} candidates shared a thread${where}, ` +
    `of ${listed(threads.map(String))}: it is one event loop, and what one does there delays the others.`
  );
}

/**
 * Promises that the trial left nothing behind: no znode, no watch, no file, no process.
 *
 * Does not promise anything about what could not be looked at: it says so instead.
 */
import type { History, Remains } from "../history/history.ts";
import type { Checker, Evidence } from "./checker.ts";
import { conclude } from "./conclusion.ts";

const kinds = ["znodes", "watches", "files", "processes"] as const satisfies readonly (keyof Remains)[];

export const cleanup: Checker = {
  name: "cleanup",
  assumes: [],

  check({ remains, events }: History) {
    if (remains === null) return conclude([], ["nobody looked at what the trial left behind"]);
    const at = events.at(-1)?.at ?? 0;
    const evidence: Evidence[] = [];
    const unseen: string[] = [];
    for (const kind of kinds) {
      const count = remains[kind];
      if (count === null) unseen.push(kind);
      else if (count !== 0) evidence.push({ at, message: `${kind} left behind: ${count}`, candidates: [] });
    }
    const doubts = unseen.length === 0 ? [] : [`could not be looked at: ${unseen.join(", ")}`];
    return conclude(evidence, doubts);
  },
};

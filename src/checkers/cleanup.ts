/**
 * Promises that the trial left nothing behind: no znode, no watch, no file, no process.
 *
 * Does not promise anything about what could not be checked: it says so instead.
 */
import type { Remains } from "../history/history.ts";
import type { Checker, Evidence, Verdict } from "./checker.ts";
import { conclude } from "./conclusion.ts";

const kinds = ["znodes", "watches", "files", "processes"] as const satisfies readonly (keyof Remains)[];

/** `at` is the time when the trial ended, for the evidence. */
export function judgeRemains(remains: Remains, at = 0): Verdict {
  const evidence: Evidence[] = [];
  const unseen: string[] = [];
  for (const kind of kinds) {
    const count = remains[kind];
    if (count === null) {
      // Nobody can tell whose the watches on a shared ensemble are. They end with their session, and if no
      // ephemeral znode is left, no session is.
      if (kind !== "watches") unseen.push(kind);
    } else if (count !== 0) evidence.push({ at, message: `${kind} left behind: ${count}`, candidates: [] });
  }
  const doubts = unseen.length === 0 ? [] : [`could not be checked: ${unseen.join(", ")}`];
  return conclude(evidence, doubts);
}

export const cleanup: Checker = {
  name: "cleanup",
  assumes: [],

  begin() {
    let last: number | undefined;
    return {
      event({ at }) {
        last = at;
      },
      verdict: ({ remains }) =>
        remains === null
          ? conclude([], ["nobody checked what the trial left behind"])
          : judgeRemains(remains, last),
    };
  },
};

/**
 * Promises that the election went on: after each fault that unseats the leader another candidate led within
 * the bound, and no failover had to be given up.
 *
 * Does not promise anything of failovers that an interruption left out, and does not say who should have led.
 */
import type { History } from "../history/history.ts";
import { titleOf, type Window, windowsOf } from "../history/window.ts";
import type { Checker, Evidence, Verdict } from "./checker.ts";
import { conclude } from "./conclusion.ts";

const NS_PER_MS = 1e6;

function judgeWindow({ header, events }: History, { fault, end, events: followed }: Window): Verdict {
  const { victim } = fault;
  const violation = (at: number, what: string, candidates = [victim]) =>
    conclude([{ at, message: `${titleOf(fault)}: ${what}`, candidates }]);
  const unfinished = `the history ends in ${titleOf(fault)}`;

  if (end?.type === "aborted") return violation(end.at, `given up after ${header.boundMs} ms`);
  if (!header.unseatsLeader) return conclude([], end === null ? [unfinished] : []);

  const claim = followed.find(({ type, candidate }) => type === "claimed" && candidate !== victim);
  const deadline = fault.at + header.boundMs * NS_PER_MS;
  if (claim !== undefined) {
    if (claim.at <= deadline) return conclude([]);
    const tookMs = (claim.at - fault.at) / NS_PER_MS;
    const what = `candidate ${claim.candidate} led only after ${tookMs} ms, the bound is ${header.boundMs} ms`;
    return violation(claim.at, what, [victim, claim.candidate]);
  }
  if (end !== null) return violation(end.at, "all settled, and nobody leads");
  const last = events.at(-1)?.at ?? fault.at;
  return last > deadline
    ? violation(deadline, `nobody led within ${header.boundMs} ms`)
    : conclude([], [unfinished]);
}

export const liveness: Checker = {
  name: "liveness",
  assumes: ["header", "order", "failovers"],

  check(history: History) {
    const windows = windowsOf(history);
    const evidence: Evidence[] = [];
    const doubts: string[] = [];
    for (const window of windows) {
      const verdict = judgeWindow(history, window);
      if (verdict.valid === false) evidence.push(...verdict.evidence);
      else if (verdict.valid === "unknown") doubts.push(verdict.reason);
    }
    const aborted = history.events.find(({ type }) => type === "aborted");
    if (aborted !== undefined && evidence.length === 0) {
      evidence.push({ at: aborted.at, message: "given up outside of a failover", candidates: [] });
    }
    if (windows.length === 0 && history.header.failovers > 0) {
      doubts.push("the history ends before the first failover");
    }
    return conclude(evidence, doubts);
  },
};

/**
 * Promises that the election went on: after each strike that unseats the leader another candidate led within
 * the bound, and no failover had to be given up.
 *
 * Does not promise anything of failovers that an interruption left out, or in which the fault did not
 * strike or the servers did not answer, nor of how long one takes where the contenders of others end
 * besides; and does not say who should have led.
 */
import { Circumstances } from "../history/circumstances.ts";
import type { VoidReason } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { failoverTitle, type Window, windowsOf } from "../history/window.ts";
import type { Checker, Evidence, Verdict } from "./checker.ts";
import { conclude } from "./conclusion.ts";

const NS_PER_MS = 1e6;

function judgeWindow({ events }: History, window: Window, circumstances: Circumstances): Verdict {
  const { strike, end, claim, voided } = window;
  const { victims, startedAt, expects } = strike;
  const violation = (at: number, what: string, candidates: readonly number[] = victims) =>
    conclude([{ at, message: `${failoverTitle(strike)}: ${what}`, candidates }]);
  const unfinished = `the history ends in ${failoverTitle(strike)}`;
  // Whoever ends besides has to be missed first, and then succeeded: the bound is that of one death.
  const others = circumstances.othersThatEnded(window).length;
  const late = (...found: Parameters<typeof violation>) =>
    others === 0
      ? violation(...found)
      : conclude(
          [],
          [`${failoverTitle(strike)}: ${found[1]}, while the contenders of ${others} others ended as well`],
        );

  if (voided !== null) return conclude([], [`${failoverTitle(strike)}: ${whyVoid(voided.reason)}`]);
  if (end?.type === "aborted") return late(end.at, `given up after ${expects.withinMs} ms`);
  if (expects.leader === "same") return conclude([], end === null ? [unfinished] : []);

  const deadline = startedAt + expects.withinMs * NS_PER_MS;
  if (claim !== null) {
    if (claim.at <= deadline) return conclude([]);
    const tookMs = (claim.at - startedAt) / NS_PER_MS;
    const what = `candidate ${claim.candidate} led only after ${tookMs} ms, the bound is ${expects.withinMs} ms`;
    return late(claim.at, what, [...victims, claim.candidate]);
  }
  if (end !== null) return violation(end.at, "all settled, and nobody leads");
  const last = events.at(-1)?.at ?? startedAt;
  return last > deadline
    ? late(deadline, `nobody led within ${expects.withinMs} ms`)
    : conclude([], [unfinished]);
}

function whyVoid(reason: VoidReason): string {
  switch (reason) {
    case "not-struck":
      return "the fault did not strike, as the victim's contender still stood";
    case "no-answer":
      return "the servers did not answer any more";
    default:
      return reason satisfies never;
  }
}

export const liveness: Checker = {
  name: "liveness",
  assumes: ["header", "order", "failovers"],

  check(history: History) {
    const windows = windowsOf(history);
    const circumstances = new Circumstances(history);
    const evidence: Evidence[] = [];
    const doubts: string[] = [];
    for (const window of windows) {
      const verdict = judgeWindow(history, window, circumstances);
      if (verdict.valid === false) evidence.push(...verdict.evidence);
      else if (verdict.valid === "unknown") doubts.push(verdict.reason);
    }
    const aborted = history.events.find(({ type }) => type === "aborted");
    if (aborted !== undefined && !windows.some(({ end }) => end === aborted)) {
      evidence.push({ at: aborted.at, message: "given up outside of a failover", candidates: [] });
    }
    if (windows.length === 0 && history.header.failovers > 0) {
      doubts.push("the history ends before the first failover");
    }
    return conclude(evidence, doubts);
  },
};

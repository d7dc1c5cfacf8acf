/**
 * Promises that an old leader did no harm: that no write was accepted over one with a higher token, and that no
 * thread that woke after another candidate had claimed had a lease that let it act.
 *
 * Does not promise that no old leader tried: refusing it is what a fence is for. If the counter was unguarded
 * on purpose, harm is reported as anywhere else; if no harm was done then, it was luck, and proves nothing. If
 * nobody could act after another candidate had claimed, there was nothing to guard, and nothing to object to.
 */
import type { History } from "../history/history.ts";
import { type StaleWrite, staleWritesOf } from "../history/stale-write.ts";
import { type RecordedTerm, termsOf } from "../history/term.ts";
import { windowsOf } from "../history/window.ts";
import type { Checker, Evidence } from "./checker.ts";
import { conclude } from "./conclusion.ts";

function overwritten(history: History): Evidence[] {
  const open = history.header.counter === "unguarded" ? ": the fence was off" : "";
  return staleWritesOf(history).flatMap(({ at, candidate, czxid, successor, outcome }: StaleWrite) => {
    if (outcome.type !== "accepted") return [];
    const message =
      `candidate ${candidate} (token ${czxid}) made version ${outcome.version} of the counter after candidate ` +
      `${successor.candidate} (token ${successor.czxid}) had made version ${outcome.over}${open}`;
    return [{ at, message, candidates: [candidate, successor.candidate] }];
  });
}

/** A lease that still held when its leader woke, although another one led. */
function deceived({ events }: History, terms: readonly RecordedTerm[]): Evidence[] {
  return events.flatMap((event): Evidence[] => {
    if (event.type !== "thawed" || event.lease !== "valid") return [];
    const { at, candidate } = event;
    const own = terms.findLast((term) => term.candidate === candidate && term.from <= at);
    const successor = terms.find((term) => term.czxid > (own?.czxid ?? 0) && term.from <= at);
    if (own === undefined || successor === undefined) return [];
    const message = `candidate ${candidate} woke with a valid lease after candidate ${successor.candidate} had claimed`;
    return [{ at, message, candidates: [candidate, successor.candidate] }];
  });
}

/** Reasons why a counter shows nothing. */
function doubts(history: History): string[] {
  const { header, events } = history;
  if (header.counter === "none") return [];
  const claimed = windowsOf(history).some(({ events }) => events.some(({ type }) => type === "claimed"));
  if (claimed && !events.some(({ type }) => type === "wrote"))
    return ["leaders were to write to a counter, but the history has no such write"];
  return header.counter === "unguarded" ? ["the fence was off, but no old leader happened to do harm"] : [];
}

export const fencing: Checker = {
  name: "fencing",
  assumes: ["header", "order", "terms", "contenders", "writes"],

  check(history: History) {
    const evidence = [...overwritten(history), ...deceived(history, termsOf(history))];
    return conclude(
      evidence.sort((a, b) => a.at - b.at),
      doubts(history),
    );
  },
};

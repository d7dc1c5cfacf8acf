/**
 * Promises that each failover woke exactly as many candidates as the scheme's own rule says: one more is a
 * herd that should not be there, one less a watch that was lost.
 *
 * Does not promise anything outside the windows: joins and leaves between failovers wake whom they wake.
 */
import type { History } from "../history/history.ts";
import { titleOf, windowsOf } from "../history/window.ts";
import type { Checker, Evidence } from "./checker.ts";
import { conclude } from "./conclusion.ts";

export const watchBound: Checker = {
  name: "watchBound",
  assumes: ["header", "order", "failovers"],

  check(history: History) {
    const expected = history.header.expectedNotifications;
    const complete = windowsOf(history).filter(({ end }) => end?.type === "settled");
    if (complete.length === 0) return conclude([], ["the history has no complete failover"]);
    const evidence = complete.flatMap(({ fault, events }): Evidence[] => {
      const notified = events.filter(({ type }) => type === "notified");
      if (notified.length === expected) return [];
      const message = `${titleOf(fault)}: ${notified.length} notifications, expected ${expected}`;
      return [
        { at: fault.at, message, candidates: [...new Set(notified.map(({ candidate }) => candidate))] },
      ];
    });
    return conclude(evidence);
  },
};

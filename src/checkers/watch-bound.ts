/**
 * Promises that each failover woke exactly as many candidates as the scheme's own rule says: one more is a
 * herd that should not be there, one less a watch that was lost. Where a new leader announces itself, exactly as
 * many as the rule says are told so, and nobody before it has claimed.
 *
 * Does not promise anything outside the windows: joins and leaves between failovers wake whom they wake.
 */
import type { EventOf } from "../history/event.ts";
import type { History, TrialHeader } from "../history/history.ts";
import { titleOf, type Window, windowsOf } from "../history/window.ts";
import type { Checker, Evidence } from "./checker.ts";
import { conclude } from "./conclusion.ts";

type Notified = EventOf<"notified">;

export const watchBound: Checker = {
  name: "watchBound",
  assumes: ["header", "order", "failovers"],

  check(history: History) {
    const complete = windowsOf(history).filter(
      ({ end, voided }) => end?.type === "settled" && voided === null,
    );
    if (complete.length === 0) return conclude([], ["the history has no complete failover"]);
    return conclude(complete.flatMap((window) => judgeWindow(history.header, window)));
  },
};

function judgeWindow(header: TrialHeader, { fault, events }: Window): Evidence[] {
  const notified = events.filter((event): event is Notified => event.type === "notified");
  const ends = notified.filter(({ watch }) => watch !== "announcement");
  const announcements = notified.filter(({ watch }) => watch === "announcement");
  const claim = events.find(({ type, candidate }) => type === "claimed" && candidate !== fault.victim);
  const early = announcements.filter(({ at }) => claim === undefined || at < claim.at);
  const title = titleOf(fault);
  const found = (what: string, those: readonly Notified[]): Evidence => ({
    at: fault.at,
    message: `${title}: ${those.length} ${what}`,
    candidates: [...new Set(those.map(({ candidate }) => candidate))],
  });
  const { expectedNotifications, expectedAnnouncements } = header;
  return [
    ...(ends.length === expectedNotifications
      ? []
      : [found(`notifications, expected ${expectedNotifications}`, ends)]),
    ...(announcements.length === expectedAnnouncements
      ? []
      : [found(`notifications of an announcement, expected ${expectedAnnouncements}`, announcements)]),
    ...(early.length === 0
      ? []
      : [found("notifications of an announcement before anybody had claimed", early)]),
  ];
}

/**
 * Promises that each failover woke exactly as many candidates as the scheme's own rule says: one more is a herd
 * that should not be there, one less a watch that was lost. If a new leader announces itself, exactly as many
 * as the rule says are told so, and none before it has claimed. Where the order of several deaths decides, the
 * rule says how many at least and at most. Notifications with another explanation do not
 * count (history/circumstances.ts): a leader that claims again, another contender's end, a new connection.
 *
 * Does not promise anything outside the windows, where joins and leaves wake others as well. Nor does it report
 * a lost watch where a candidate was cut off, since that candidate looks for itself then.
 */
import type { Circumstances } from "../history/circumstances.ts";
import type { EventOf } from "../history/event.ts";
import { failoverTitle, type Window } from "../history/window.ts";
import type { Checker, Evidence, Judgement, Verdict } from "./checker.ts";
import { conclude } from "./conclusion.ts";

type Notified = EventOf<"notified">;

export const watchBound: Checker = {
  name: "watchBound",
  assumes: ["header", "order", "failovers"],
  begin: () => new WatchBound(),
};

class WatchBound implements Judgement {
  readonly #evidence: Evidence[] = [];
  readonly #doubts: string[] = [];
  #complete = 0;

  window(window: Window, causes: Circumstances): void {
    if (window.end?.type !== "settled" || window.voided !== null) return;
    this.#complete++;
    const { evidence, doubts } = judgeWindow(window, causes);
    this.#evidence.push(...evidence);
    this.#doubts.push(...doubts);
  }

  verdict(): Verdict {
    if (this.#complete === 0) return conclude([], ["the history has no complete failover"]);
    return conclude(this.#evidence, this.#doubts);
  }
}

interface Judged {
  readonly evidence: readonly Evidence[];
  readonly doubts: readonly string[];
}

function judgeWindow(window: Window, causes: Circumstances): Judged {
  const { strike } = window;
  const { herd: ends, told: announcements } = causes.causedIn(window);
  const early = announcements.filter(({ at, sequence }) => !causes.hadClaimed(sequence, at));
  const evidence: Evidence[] = [];
  const doubts: string[] = [];
  const find = (what: string, those: readonly Notified[]) =>
    evidence.push({
      at: strike.startedAt,
      message: `${failoverTitle(strike)}: ${those.length} ${what}`,
      candidates: [...new Set(those.map(({ candidate }) => candidate))],
    });
  const { most } = strike.expects;
  for (const [what, those, least, limit] of [
    ["notifications", ends, strike.expects.notifications, most?.notifications],
    ["notifications of an announcement", announcements, strike.expects.announcements, most?.announcements],
  ] as const) {
    // Absent: exactly the least; null: any number.
    const highest = limit === undefined ? least : (limit ?? Number.POSITIVE_INFINITY);
    if (those.length >= least && those.length <= highest) continue;
    const expected = highest === least ? `${least}` : `${least} to ${highest}`;
    const missers = causes.missers(window);
    if (least - those.length > 0 && least - those.length <= missers.length) {
      const cutOff = `cut-off candidates that may have missed them: ${missers.length}`;
      doubts.push(`${failoverTitle(strike)}: ${those.length} ${what}, expected ${expected}; ${cutOff}`);
    } else find(`${what}, expected ${expected}`, those);
  }
  if (early.length > 0) find("notifications of an announcement before anybody had claimed", early);
  return { evidence, doubts };
}

/**
 * Promises that whoever claims is the oldest contender alive: that no contender with a lower czxid certainly
 * existed at the claim, and that the claimer had not given up its own. Where the fault does not unseat the
 * leader, it promises that nobody new leads in its window.
 *
 * Does not promise to notice that a contender was passed over while its removal was under way, or while its
 * session was dying: at such an instant nobody outside the ensemble can tell.
 */
import type { EventOf } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { windowsOf } from "../history/window.ts";
import { biographiesOf } from "./biography.ts";
import type { Checker, Evidence } from "./checker.ts";
import { conclude } from "./conclusion.ts";
import { lifetimesOf } from "./lifetime.ts";

/** A leader that was suspended, or whose lease ran out, and that claims again with the same contender is nobody new. */
function newLeaders(history: History): EventOf<"claimed">[] {
  const seen = new Set<number>();
  return history.events.filter((event): event is EventOf<"claimed"> => {
    if (event.type !== "claimed" || seen.has(event.czxid)) return false;
    seen.add(event.czxid);
    return true;
  });
}

function electedByFollowersDeath(history: History): Evidence[] {
  const claims = new Set<unknown>(newLeaders(history));
  return windowsOf(history)
    .filter(({ end }) => end !== null)
    .flatMap(({ fault, events }) =>
      events
        .filter((event) => claims.has(event))
        .map(({ at, candidate }) => ({
          at,
          message: `candidate ${candidate} claimed after the death of candidate ${fault.victim}, which did not lead`,
          candidates: [fault.victim, candidate],
        })),
    );
}

export const succession: Checker = {
  name: "succession",
  assumes: ["header", "order", "contenders", "failovers"],

  check(history: History) {
    const lifetimes = [...biographiesOf(history).values()].flatMap(lifetimesOf);
    const evidence = history.header.unseatsLeader ? [] : electedByFollowersDeath(history);
    for (const event of history.events) {
      if (event.type !== "claimed") continue;
      const { at, candidate, czxid } = event;
      for (const other of lifetimes) {
        if (other.czxid < czxid && other.certainUntil > at) {
          const message = `candidate ${candidate} (czxid ${czxid}) claimed before candidate ${other.candidate} (czxid ${other.czxid}), which was alive and older`;
          evidence.push({ at, message, candidates: [other.candidate, candidate] });
        } else if (other.czxid === czxid && other.givenUpAt !== null && other.givenUpAt < at) {
          const message = `candidate ${candidate} claimed with the contender ${other.sequence}, which it had given up`;
          evidence.push({ at, message, candidates: [candidate] });
        }
      }
    }
    return conclude(evidence);
  },
};

/**
 * Promises that a candidate that claims is the oldest living contender: that no contender with a lower czxid
 * certainly existed at the claim, and that the claimer had not given up its own. If a strike does not unseat
 * the leader, it promises that nobody new leads in its window, unless the leader's session ended by itself.
 *
 * Does not promise to notice that a contender was passed over while its removal was in progress, or while its
 * session was dying: at such an instant nobody outside the ensemble can tell.
 */
import type { EventOf } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { newLeaders } from "../history/new-leaders.ts";
import { type RecordedTerm, termsOf } from "../history/term.ts";
import { windowsOf } from "../history/window.ts";
import { type Biography, biographiesOf, type Fate, sessionFate } from "./biography.ts";
import type { Checker, Evidence } from "./checker.ts";
import { conclude } from "./conclusion.ts";
import { lifetimesOf } from "./lifetime.ts";

type Claim = EventOf<"claimed">;

/** Claims of new leaders in the window of a strike that does not unseat the leader. */
function claimsAfterOthersDeath(
  history: History,
): { readonly victims: readonly number[]; readonly claim: Claim }[] {
  const leaders: ReadonlySet<unknown> = newLeaders(history.events);
  return windowsOf(history)
    .filter(({ end, strike }) => end !== null && strike.expects.leader === "same")
    .flatMap(({ strike: { victims }, events }) =>
      events.filter((event): event is Claim => leaders.has(event)).map((claim) => ({ victims, claim })),
    );
}

/** The fate of the previous leader: nobody new may lead while it is well, or after it was wrongly replaced. */
function fateOfLeader(
  { at, candidate, czxid }: Claim,
  terms: readonly RecordedTerm[],
  biographies: ReadonlyMap<number, Biography>,
): Fate {
  const before = terms.findLast((term) => term.from <= at && term.czxid !== czxid);
  if (before === undefined) return "alive";
  switch (before.until !== null && before.until <= at ? before.reason : null) {
    case "expired":
      return "dead";
    case "resigned":
    case "closed":
    case "deleted":
      return "alive";
    default:
      return before.candidate === candidate
        ? "alive"
        : sessionFate(biographies.get(before.candidate) ?? [], at);
  }
}

export const succession: Checker = {
  name: "succession",
  assumes: ["header", "order", "contenders", "failovers"],

  check(history: History) {
    const biographies = biographiesOf(history);
    const lifetimes = [...biographies.values()].flatMap(lifetimesOf);
    const evidence: Evidence[] = [];
    const doubts: string[] = [];
    const terms = termsOf(history);
    for (const { victims, claim } of claimsAfterOthersDeath(history)) {
      const { at, candidate } = claim;
      const message = `candidate ${candidate} claimed after the death of candidate ${victims.join(", ")}, which did not lead`;
      const fate = fateOfLeader(claim, terms, biographies);
      if (fate === "alive") evidence.push({ at, message, candidates: [...victims, candidate] });
      else if (fate === "undecided")
        doubts.push(`${message}; nothing shows whether the leader was still alive`);
    }
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
    return conclude(evidence, doubts);
  },
};

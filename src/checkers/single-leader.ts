/**
 * Promises that no two candidates with living sessions believed at the same instant that they lead; that the
 * fencing tokens (czxids) rise from claim to claim; and that nobody claims, or keeps leading, after having been
 * told that its session is suspended or has ended.
 *
 * Does not promise that at each instant at most one candidate *believes* that it leads: a candidate whose
 * thread stood still may, until it learns that its session has died, and so may one whose contender a strike
 * removed, until it is notified. That is not a violation but a duration, and a metric; the czxid protects from
 * it.
 */
import type { EventOf } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { type RecordedTerm, termsOf } from "../history/term.ts";
import { type Biography, biographiesOf, sessionFate } from "./biography.ts";
import type { Checker, Evidence } from "./checker.ts";
import { conclude } from "./conclusion.ts";

/** An end of the session, or of its connection, that the candidate was told of. */
type Loss = EventOf<"suspended"> | EventOf<"expired">;

/** The czxid may stay the same only when a leader that was suspended, or whose lease ran out, leads again. */
function tokensThatDoNotRise(terms: readonly RecordedTerm[]): Evidence[] {
  return terms.flatMap((term, index): Evidence[] => {
    const before = terms[index - 1];
    if (before === undefined || term.czxid > before.czxid) return [];
    const again = term.candidate === before.candidate && term.sequence === before.sequence;
    if (again && (before.reason === "suspended" || before.reason === "lapsed")) return [];
    const message = `candidate ${term.candidate} claimed with czxid ${term.czxid} after candidate ${before.candidate} with ${before.czxid}`;
    return [{ at: term.from, message, candidates: [before.candidate, term.candidate] }];
  });
}

/** A candidate's acts in spite of what it was told. */
function deafness(candidate: number, biography: Biography): Evidence[] {
  const evidence: Evidence[] = [];
  let leading = false;
  let told: Loss | undefined;
  let lost: Loss | undefined;
  const ledOn = (loss: Loss) => {
    const message = `candidate ${candidate} kept leading after it was told that its session is ${loss.type}`;
    evidence.push({ at: loss.at, message, candidates: [candidate] });
  };
  for (const event of biography) {
    if (event.candidate !== candidate) continue;
    // A candidate learns of it and ends its term in the same turn: only its lease is recorded in between.
    if (event.type === "leased") continue;
    if (told !== undefined && event.type !== "ended") ledOn(told);
    told = undefined;
    if (event.type === "suspended" || event.type === "expired") {
      if (leading) told = event;
      lost = event;
    } else if (event.type === "connected") lost = undefined;
    else if (event.type === "ended") leading = false;
    else if (event.type === "claimed") {
      leading = true;
      if (lost === undefined) continue;
      const message = `candidate ${candidate} claimed after it was told that its session is ${lost.type}`;
      evidence.push({ at: event.at, message, candidates: [candidate] });
    }
  }
  if (told !== undefined) ledOn(told);
  return evidence;
}

/**
 * Whether a strike had removed the contender, and its leader stopped once it could have known: it is notified
 * before the answer to any later request, so of two heartbeats after another's claim the second one is too
 * many.
 */
function isToldInTime(
  { candidate, from, until, reason }: RecordedTerm,
  claimedAt: number,
  history: History,
): boolean {
  if (reason !== "deleted" || until === null) return false;
  const struck = history.strikes.some(
    ({ victims, startedAt }) => victims.includes(candidate) && startedAt >= from && startedAt <= claimedAt,
  );
  const beats = history.events.filter(
    (event) =>
      event.type === "beat" && event.candidate === candidate && event.at > claimedAt && event.at < until,
  );
  return struck && beats.length < 2;
}

export const singleLeader: Checker = {
  name: "singleLeader",
  assumes: ["header", "order", "terms", "contenders"],

  check(history: History) {
    const terms = termsOf(history);
    const biographies = biographiesOf(history);
    const doubts: string[] = [];
    const evidence = tokensThatDoNotRise(terms);
    for (const [candidate, biography] of biographies) evidence.push(...deafness(candidate, biography));

    for (const [index, older] of terms.entries()) {
      for (const newer of terms.slice(index + 1)) {
        if (newer.candidate === older.candidate) continue;
        if (older.until !== null && older.until <= newer.from) continue;
        if (isToldInTime(older, newer.from, history)) continue;
        const claim = `candidate ${newer.candidate} claimed while candidate ${older.candidate} led`;
        const fate = sessionFate(biographies.get(older.candidate) ?? [], newer.from);
        if (fate === "alive") {
          const message = `${claim} with a living session`;
          evidence.push({ at: newer.from, message, candidates: [older.candidate, newer.candidate] });
        } else if (fate === "undecided") {
          doubts.push(`${claim}, and the history does not show whether its session was still alive`);
        }
      }
    }
    return conclude(evidence, doubts);
  },
};

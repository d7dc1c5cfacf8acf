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
import type { Event, EventOf } from "../history/event.ts";
import type { Strike } from "../history/strike.ts";
import { type RecordedTerm, Terms } from "../history/term.ts";
import type { Checker, Evidence, Judgement, Verdict } from "./checker.ts";
import { conclude } from "./conclusion.ts";
import { type Fate, type Question, SessionFates, subjectOf } from "./session-fate.ts";

export const singleLeader: Checker = {
  name: "singleLeader",
  assumes: ["header", "order", "terms", "contenders"],
  begin: () => new SingleLeader(),
};

/** A term with its place among all. */
interface Placed {
  readonly place: number;
  readonly term: RecordedTerm;
}

/** Somebody claimed during the term of another one. */
interface Overlap {
  readonly older: Placed;
  readonly newer: Placed;
  /** A strike had removed the older one's contender by then. */
  readonly struck: boolean;
  /** The older one's heartbeats since then; more than two do not matter. */
  readonly beats: number[];
  readonly question: Question;
}

interface Finding {
  readonly older: number;
  readonly newer: number;
}

class SingleLeader implements Judgement {
  readonly #terms = new Terms();
  #last: RecordedTerm | undefined;
  #places = 0;
  /** Keyed by candidate. */
  readonly #open = new Map<number, Placed>();
  /** The times of strikes since each candidate's last recorded claim. */
  readonly #struckAt = new Map<number, number[]>();
  readonly #fates = new SessionFates();
  readonly #ears = new Map<number, Ear>();
  #overlaps: Overlap[] = [];

  readonly #notRisen: Evidence[] = [];
  readonly #both: (Finding & { readonly evidence: Evidence })[] = [];
  readonly #doubts: (Finding & { readonly doubt: string })[] = [];

  strike({ victims, startedAt, expects }: Strike): void {
    // Nobody may succeed a victim that stays.
    if (expects.contendersStay) return;
    for (const victim of victims)
      this.#struckAt.set(victim, [...(this.#struckAt.get(victim) ?? []), startedAt]);
  }

  event(event: Event): void {
    this.#fates.event(event);
    const subject = subjectOf(event);
    const ear = this.#ears.get(subject) ?? new Ear(subject);
    this.#ears.set(subject, ear);
    ear.event(event);
    const term = this.#terms.event(event);
    if (term !== undefined) this.#claim(term);
    else if (event.type === "ended") this.#open.delete(event.candidate);
    else if (event.type === "beat") this.#beat(event);
  }

  verdict(): Verdict {
    for (const overlap of this.#overlaps) this.#find(overlap, overlap.question.fate);
    const byPlace = (a: Finding, b: Finding) => a.older - b.older || a.newer - b.newer;
    return conclude(
      [
        ...this.#notRisen,
        ...[...this.#ears.values()].flatMap((ear) => ear.found()),
        ...this.#both.sort(byPlace).map(({ evidence }) => evidence),
      ],
      this.#doubts.sort(byPlace).map(({ doubt }) => doubt),
    );
  }

  #claim(term: RecordedTerm): void {
    if (this.#last !== undefined) this.#notRisen.push(...tokenThatDoesNotRise(this.#last, term));
    this.#last = term;
    this.#overlaps = this.#overlaps.filter((overlap) => !this.#settle(overlap));
    const newer = { place: this.#places++, term };
    for (const [candidate, older] of this.#open) {
      if (candidate === term.candidate) continue;
      const struck = this.#struckAt.get(candidate)?.some((at) => at <= term.from) ?? false;
      const question = this.#fates.ask(candidate, term.from);
      this.#overlaps.push({ older, newer, struck, beats: [], question });
    }
    this.#open.set(term.candidate, newer);
    const struckAt = this.#struckAt.get(term.candidate)?.filter((at) => at >= term.from);
    this.#struckAt.set(term.candidate, struckAt ?? []);
  }

  #beat({ at, candidate }: EventOf<"beat">): void {
    for (const { older, newer, beats } of this.#overlaps) {
      if (older.term.candidate === candidate && at > newer.term.from && beats.length < 2) beats.push(at);
    }
  }

  /** @returns whether later events cannot change the verdict on it */
  #settle(overlap: Overlap): boolean {
    const { fate, isSettled } = overlap.question;
    if (isSettled && fate === "dead") return true;
    if (overlap.older.term.until === null) return false;
    if (!isSettled && !isExcused(overlap)) return false;
    this.#find(overlap, fate);
    return true;
  }

  #find(overlap: Overlap, fate: Fate): void {
    if (isExcused(overlap)) return;
    const { older, newer } = overlap;
    const places = { older: older.place, newer: newer.place };
    const claim = `candidate ${newer.term.candidate} claimed while candidate ${older.term.candidate} led`;
    if (fate === "alive") {
      const message = `${claim} with a living session`;
      const candidates = [older.term.candidate, newer.term.candidate];
      this.#both.push({ ...places, evidence: { at: newer.term.from, message, candidates } });
    } else if (fate === "undecided") {
      const doubt = `${claim}, and the history does not show whether its session was still alive`;
      this.#doubts.push({ ...places, doubt });
    }
  }
}

/** The czxid may stay the same only when a leader that was suspended, or whose lease ran out, leads again. */
function tokenThatDoesNotRise(before: RecordedTerm, term: RecordedTerm): Evidence[] {
  if (term.czxid > before.czxid) return [];
  const again = term.candidate === before.candidate && term.sequence === before.sequence;
  if (again && (before.reason === "suspended" || before.reason === "lapsed")) return [];
  const message = `candidate ${term.candidate} claimed with czxid ${term.czxid} after candidate ${before.candidate} with ${before.czxid}`;
  return [{ at: term.from, message, candidates: [before.candidate, term.candidate] }];
}

/**
 * Whether the older term ended with the claim, or a strike had removed its contender and its leader stopped
 * once it could have known: it is notified before the answer to any later request, so of two heartbeats after
 * another's claim the second one is too many.
 */
function isExcused({ older: { term }, newer, struck, beats }: Overlap): boolean {
  const { until, reason } = term;
  if (until === null) return false;
  if (until <= newer.term.from) return true;
  return struck && reason === "deleted" && beats.filter((at) => at < until).length < 2;
}

/** An end of the session, or of its connection, that the candidate was told of. */
type Loss = EventOf<"suspended"> | EventOf<"expired">;

/** Listens for a candidate's acts in spite of what it was told. */
class Ear {
  readonly #candidate: number;
  readonly #evidence: Evidence[] = [];
  #leading = false;
  #told: Loss | undefined;
  #lost: Loss | undefined;

  constructor(candidate: number) {
    this.#candidate = candidate;
  }

  event(event: Event): void {
    if (event.candidate !== this.#candidate) return;
    // A candidate learns of it and ends its term in the same turn: only its lease is recorded in between.
    if (event.type === "leased") return;
    if (this.#told !== undefined && event.type !== "ended") this.#evidence.push(this.#ledOn(this.#told));
    this.#told = undefined;
    if (event.type === "suspended" || event.type === "expired") {
      if (this.#leading) this.#told = event;
      this.#lost = event;
    } else if (event.type === "connected") this.#lost = undefined;
    else if (event.type === "ended") this.#leading = false;
    else if (event.type === "claimed") {
      this.#leading = true;
      if (this.#lost === undefined) return;
      const message = `candidate ${this.#candidate} claimed after it was told that its session is ${this.#lost.type}`;
      this.#evidence.push({ at: event.at, message, candidates: [this.#candidate] });
    }
  }

  /** Called when everything is told. */
  found(): Evidence[] {
    return this.#told === undefined ? this.#evidence : [...this.#evidence, this.#ledOn(this.#told)];
  }

  #ledOn({ at, type }: Loss): Evidence {
    const message = `candidate ${this.#candidate} kept leading after it was told that its session is ${type}`;
    return { at, message, candidates: [this.#candidate] };
  }
}

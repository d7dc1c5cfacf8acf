/**
 * A strike: one time that a fault strikes, and what it must lead to. This is all that checkers and metrics know
 * about faults.
 */
import { duration, type Of, object, oneOf } from "../shape.ts";
import type { Event, EventOf } from "./event.ts";

/** The common part of a trial's strikes, if they can be taken together. */
export const outcome = object({
  leader: oneOf(
    ["next", "same", "any"],
    "Who leads afterwards: a candidate other than the victims, or the one that led before; or any, also a " +
      "victim that has come back.",
  ),
  silentMs: duration(
    "The silence after which the ensemble ends the victim's session; 0 if it is told of the end. `null` if " +
      "nobody knows when the silence begins, or whether there is one, as under a fault of a user's own.",
  ),
});

export type Outcome = Of<typeof outcome>;

/** What a strike must lead to. Times are in milliseconds. */
export interface Expectation extends Outcome {
  /** The time after the strike within which somebody must begin to lead, if one has to. */
  readonly withinMs: number;
  /** The number of watch notifications of a contender's end that it must cause, by the scheme's own rule. */
  readonly notifications: number;
  /** The number of additional ones that the successor's announcement must cause, after its claim. */
  readonly announcements: number;
  /**
   * The most of both, if what is certain leaves room: then the counts are the least. `null` if nothing limits a
   * count.
   * @default the counts are exact
   */
  readonly most?: { readonly notifications: number | null; readonly announcements: number | null };
  /**
   * Whether the victims keep their contenders, and with them their sessions. Absent, and `false`, in histories
   * of 0.6.0 and before.
   */
  readonly contendersStay?: boolean;
  /**
   * Whether the servers have to elect a leader of their own first, which gives every session its whole timeout
   * anew. Absent, and `false`, in histories of 0.6.0 and before.
   */
  readonly serversElect?: boolean;
}

/** Candidates, the oldest contender first. */
export type Victims = readonly [number, ...number[]];

export interface Strike {
  /** The number of the failover, from 1; 0 is a warm-up. */
  readonly failover: number;
  readonly fault: string;
  readonly victims: Victims;
  /** When it reached the first victim, in nanoseconds since the run's origin. */
  readonly startedAt: number;
  /**
   * The time when the fault's effect on a victim was over; `null` if it is over at once, or if nothing shows
   * it.
   */
  readonly endedAt: number | null;
  readonly expects: Expectation;
}

/** A strike as planned. */
export type PlannedStrike = Omit<Strike, "startedAt" | "endedAt">;

const victimsOf = new WeakMap<Victims, ReadonlySet<number>>();

/** Whether a candidate is among the victims, who may be half of all: this is asked of every event. */
export function isVictim({ victims }: Pick<Strike, "victims">, candidate: number): boolean {
  let known = victimsOf.get(victims);
  if (known === undefined) {
    known = new Set(victims);
    victimsOf.set(victims, known);
  }
  return known.has(candidate);
}

/** The strikes that happened, in chronological order, according to the events. */
export class Strikes {
  readonly soFar: { -readonly [F in keyof Strike]: Strike[F] }[] = [];
  /** Victims of the last strike that it has yet to reach. */
  #left = new Set<number>();

  /** Call this before the events that follow it. */
  begin(strike: Strike): void {
    this.soFar.push({ ...strike });
    this.#left = new Set(strike.victims);
  }

  /** Whether this fault is the last strike's, which has reached one more of its victims. */
  isLasts({ failover, victim }: EventOf<"fault">): boolean {
    return this.soFar.at(-1)?.failover === failover && this.#left.has(victim);
  }

  see(event: Event): void {
    if (event.type === "fault") this.#left.delete(event.victim);
    if (event.type === "settled" || event.type === "aborted") this.#left.clear();
    const ended = this.soFar.findLast((strike) => ends(strike, event));
    if (ended !== undefined) ended.endedAt ??= event.at;
  }
}

function ends(strike: Strike, event: Event): boolean {
  if (event.type === "healed") return event.failover === strike.failover;
  return event.type === "thawed" && isVictim(strike, event.candidate);
}

/** The planned strikes that happened in these events, in their order. They are removed from the list. */
export function strikesIn(events: readonly Event[], planned: PlannedStrike[]): Strike[] {
  const strikes = new Strikes();
  for (const event of events) {
    if (event.type === "fault" && !strikes.isLasts(event)) {
      const index = planned.findIndex(
        (plan) => plan.failover === event.failover && isVictim(plan, event.victim),
      );
      for (const plan of index === -1 ? [] : planned.splice(index, 1))
        strikes.begin({ ...plan, startedAt: event.at, endedAt: null });
    }
    strikes.see(event);
  }
  return strikes.soFar;
}

/** The outcome that all of them must have; `null` if there is none, or if they differ. */
export function commonExpectation(strikes: readonly Strike[]): Expectation | null {
  const [first] = strikes;
  if (first === undefined) return null;
  const { leader, silentMs } = first.expects;
  const alike = strikes.every(({ expects }) => expects.leader === leader && expects.silentMs === silentMs);
  return alike ? first.expects : null;
}

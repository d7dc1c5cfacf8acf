/**
 * A strike: one time that a fault strikes, and what it must lead to. Checkers and metrics know of faults only
 * by this.
 */
import { type Of, object, oneOf, positive } from "../shape.ts";
import type { Event } from "./event.ts";

/** What the strikes of a trial have in common, where they are to be taken together. */
export const outcome = object({
  leader: oneOf(
    ["next", "same"],
    "Who leads afterwards: another candidate than the victim, or whoever led before.",
  ),
  silentMs: positive(
    "After so long without a word the ensemble ends the victim's session; 0 where it is told of the end.",
  ),
});

export type Outcome = Of<typeof outcome>;

/** What a strike must lead to. Times in milliseconds. */
export interface Expectation extends Outcome {
  /** From the strike on, another candidate must lead within this time, where one has to. */
  readonly withinMs: number;
  /** Watch notifications that it must cause, by the scheme's own rule: those of a contender's end. */
  readonly notifications: number;
  /** Those that the successor's announcement must cause besides, after its claim. */
  readonly announcements: number;
}

export interface Strike {
  /** Counts from 1; 0 is a warm-up. */
  readonly failover: number;
  readonly fault: string;
  readonly victims: readonly [number, ...number[]];
  /** Nanoseconds since the run's origin. */
  readonly startedAt: number;
  /** When what the fault did to a victim was over; `null` where it is over at once, or where nothing tells. */
  readonly endedAt: number | null;
  readonly expects: Expectation;
}

/** A strike as it is known beforehand. */
export type PlannedStrike = Omit<Strike, "startedAt" | "endedAt">;

/** Those that struck, in the order of time, as the events tell of them. */
export class Strikes {
  readonly soFar: { -readonly [F in keyof Strike]: Strike[F] }[] = [];

  /** To be told before the events that follow it. */
  begin(strike: Strike): void {
    this.soFar.push({ ...strike });
  }

  see(event: Event): void {
    if (event.type !== "thawed") return;
    const strike = this.soFar.findLast(({ victims }) => victims.includes(event.candidate));
    if (strike !== undefined) strike.endedAt ??= event.at;
  }
}

/** Those that struck, of those that were to: when they did, the events tell. */
export function strikesIn(events: readonly Event[], planned: readonly PlannedStrike[]): Strike[] {
  const left = [...planned];
  const strikes = new Strikes();
  for (const event of events) {
    if (event.type === "fault") {
      const index = left.findIndex(
        ({ failover, victims }) => failover === event.failover && victims.includes(event.victim),
      );
      for (const plan of index === -1 ? [] : left.splice(index, 1))
        strikes.begin({ ...plan, startedAt: event.at, endedAt: null });
    }
    strikes.see(event);
  }
  return strikes.soFar;
}

/** What all of them must lead to; `null` where there is none, or where they differ in their outcome. */
export function commonExpectation(strikes: readonly Strike[]): Expectation | null {
  const [first] = strikes;
  if (first === undefined) return null;
  const { leader, silentMs } = first.expects;
  const alike = strikes.every(({ expects }) => expects.leader === leader && expects.silentMs === silentMs);
  return alike ? first.expects : null;
}

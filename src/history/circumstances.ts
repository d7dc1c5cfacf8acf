/**
 * Events in a failover's window besides its strike, which may have told a candidate something, or kept it from
 * being told. A scheme's rule counts the notifications of one death if all candidates stand and are well. Four
 * things add to that, and the history shows each of them:
 *
 * - A leader claims again with the same contender. It announces itself again, and the candidates that watch it
 *   are told once more for each such claim. It has also looked again: if a look watches the child list, the
 *   leader is told of the next change, which it otherwise would not be.
 * - Another contender ends as well. Candidates that watch it are told, the child list changes once more, and if
 *   it led, a candidate other than the victim's successor leads and announces itself.
 * - A candidate is connected again. A server sets its watches again, and may repeat what another one has told.
 * - A candidate was cut off, or no longer has a contender. It may not have been told at all: it looks when it
 *   is back.
 *
 * Each explains a certain number of notifications, to the candidates that it can have told: all others count.
 */
import type { EventOf } from "./event.ts";
import type { History } from "./history.ts";
import type { Strike } from "./strike.ts";
import { endOf, type Window } from "./window.ts";

type Notified = EventOf<"notified">;

/** An event of a candidate, and when it happened. */
interface Moment {
  readonly at: number;
  readonly candidate: number;
}

interface OfContender extends Moment {
  readonly sequence: number;
}

/**
 * A contender that no fault had struck ended; its candidate may have learned of it late, unless it left
 * voluntarily.
 */
interface Ending extends OfContender {
  readonly willing: boolean;
}

export class Circumstances {
  readonly #endings: Ending[] = [];
  readonly #reconnects: Moment[] = [];
  readonly #cutOffs: Moment[] = [];
  /** Successful creates, by when they were sent: others may learn of one before its owner does. */
  readonly #creates: Moment[] = [];
  /** Keyed by the sequence of the contender that claims. */
  readonly #claims = new Map<number, number[]>();
  /** A look by a candidate that had led with the same contender. */
  readonly #looksAgain: OfContender[] = [];
  readonly #notified: Notified[] = [];
  /** The contenders of the victims. */
  readonly #struck = new Map<Strike, readonly number[]>();
  /** The victims whose contender had already gone when the fault struck. */
  readonly #absent = new Map<Strike, readonly number[]>();
  /**
   * The time when all had settled before the strike: at the end of the previous window, or when they had
   * joined.
   */
  readonly #since = new Map<Strike, number>();

  constructor(history: Pick<History, "events" | "strikes">) {
    this.#gather(history);
  }

  /** The window's notifications that something other than the strike explains: no rule counts them. */
  explained(window: Window): ReadonlySet<Notified> {
    const told: Notified[] = [];
    const explained = new Set<Notified>();
    for (const event of window.events) {
      if (event.type !== "notified") continue;
      if (this.#explains(window, event, told)) explained.add(event);
      told.push(event);
    }
    return explained;
  }

  /** Candidates that may have missed notifications in this window, in order. */
  missers(window: Window): number[] {
    const { strike } = window;
    const here = [...this.#cutOffs, ...this.#endings].filter(
      ({ at }) => at > this.#sinceOf(window) && at <= endOf(window),
    );
    const all = [...here.map(({ candidate }) => candidate), ...(this.#absent.get(strike) ?? [])];
    return [...new Set(all)].filter((candidate) => !strike.victims.includes(candidate)).sort((a, b) => a - b);
  }

  /** Candidates other than the victims whose contenders ended in this window, but not voluntarily. */
  othersThatEnded(window: Window): number[] {
    const here = this.#endings.filter(
      ({ at, willing }) => !willing && at > window.strike.startedAt && at <= endOf(window),
    );
    return [...new Set(here.map(({ candidate }) => candidate))].sort((a, b) => a - b);
  }

  /** Whether the contender of that sequence had led by then. */
  hadClaimed(sequence: number, at: number): boolean {
    return this.#claimsOf(sequence, at) > 0;
  }

  /** @param told earlier in this window */
  #explains(window: Window, event: Notified, told: readonly Notified[]): boolean {
    const { at, candidate, sequence, watch } = event;
    const alike = told.filter(
      (one) => one.candidate === candidate && one.watch === watch && one.sequence === sequence,
    ).length;
    const since = this.#sinceOf(window);
    const reconnects = this.#reconnects.filter(
      (one) => one.candidate === candidate && one.at > since && one.at <= at,
    ).length;
    switch (watch) {
      case "contender": {
        const other = this.#endingsIn(window).some((ending) => ending.sequence === sequence);
        if (other && !this.#struck.get(window.strike)?.includes(sequence)) return true;
        return alike > 0 && alike <= reconnects;
      }
      case "children": {
        if (this.#ledAndLooked(event)) return true;
        const from = window.strike.startedAt;
        const joins = this.#creates.filter((one) => one.at > from && one.at <= at).length;
        return alike > 0 && alike <= this.#endingsIn(window).length + joins + reconnects;
      }
      case "announcement": {
        const claims = this.#claimsOf(sequence, at);
        const isNew = (this.#claims.get(sequence)?.[0] ?? 0) > window.strike.startedAt;
        if (isNew && alike === 0) {
          // The rule counts it if it is the victim's successor; otherwise another leader had to end first.
          const succeeds = window.strike.expects.leader === "next" && window.claim?.sequence === sequence;
          return !succeeds && claims > 0 && this.#endingsIn(window).length > 0;
        }
        return claims + reconnects > 1 && this.#toldUpTo(event) <= claims + reconnects;
      }
      default:
        return watch satisfies never;
    }
  }

  #ledAndLooked({ at, candidate, sequence }: Notified): boolean {
    const look = this.#looksAgain.findLast(
      (one) => one.candidate === candidate && one.sequence === sequence && one.at <= at,
    );
    if (look === undefined) return false;
    return !this.#notified.some(
      (one) => one.candidate === candidate && one.watch === "children" && one.at > look.at && one.at < at,
    );
  }

  #claimsOf(sequence: number, at: number): number {
    return this.#claims.get(sequence)?.filter((claimedAt) => claimedAt <= at).length ?? 0;
  }

  /** How often its candidate had been told of that announcement by then, including this time. */
  #toldUpTo({ at, candidate, sequence }: Notified): number {
    return this.#notified.filter(
      (one) =>
        one.watch === "announcement" &&
        one.candidate === candidate &&
        one.sequence === sequence &&
        one.at <= at,
    ).length;
  }

  #endingsIn(window: Window): Ending[] {
    return this.#endings.filter(({ at }) => at > this.#sinceOf(window) && at <= endOf(window));
  }

  #sinceOf({ strike }: Window): number {
    return this.#since.get(strike) ?? Number.NEGATIVE_INFINITY;
  }

  #gather({ events, strikes }: Pick<History, "events" | "strikes">): void {
    const struckAt = new Map(strikes.map((strike) => [strike.startedAt, strike]));
    const sessions = new Map<number, string>();
    /** The contender of each candidate, unless it was struck or has ended. */
    const standing = new Map<number, number>();
    const ended = ({ at, candidate }: Moment, willing: boolean) => {
      const sequence = standing.get(candidate);
      if (sequence !== undefined) this.#endings.push({ at, candidate, sequence, willing });
      standing.delete(candidate);
    };
    const joined = new Set<number>();
    const led = new Map<number, number>();
    const sent = new Map<number, number>();
    let settledAt = Number.NEGATIVE_INFINITY;
    for (const event of events) {
      const { at, candidate } = event;
      switch (event.type) {
        case "connected": {
          const session = `${event.sessionHigh}/${event.sessionLow}`;
          if (sessions.get(candidate) === session) this.#reconnects.push({ at, candidate });
          sessions.set(candidate, session);
          break;
        }
        case "suspended":
          this.#cutOffs.push({ at, candidate });
          break;
        case "created":
          this.#creates.push({ at: sent.get(candidate) ?? at, candidate });
          standing.set(candidate, event.sequence);
          joined.add(candidate);
          break;
        case "creating":
          sent.set(candidate, at);
          ended(event, false);
          break;
        case "expired":
          ended(event, false);
          break;
        case "removing":
        case "closing":
          ended(event, true);
          break;
        case "claimed":
          this.#claims.set(event.sequence, [...(this.#claims.get(event.sequence) ?? []), at]);
          led.set(candidate, event.sequence);
          break;
        case "reading": {
          const sequence = standing.get(candidate);
          if (sequence !== undefined && led.get(candidate) === sequence)
            this.#looksAgain.push({ at, candidate, sequence });
          break;
        }
        case "notified":
          this.#notified.push(event);
          break;
        case "fault": {
          const strike = struckAt.get(at);
          if (strike === undefined) break;
          this.#struck.set(
            strike,
            strike.victims.flatMap((victim) => standing.get(victim) ?? []),
          );
          for (const victim of strike.victims) standing.delete(victim);
          this.#since.set(strike, settledAt);
          this.#absent.set(
            strike,
            [...joined].filter((one) => !standing.has(one)),
          );
          break;
        }
        case "enrolled":
        case "settled":
          settledAt = at;
          break;
        default:
          break;
      }
    }
  }
}

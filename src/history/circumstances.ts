/**
 * Events in a failover's window besides its strike, which may have told a candidate something, or kept it from
 * being told. A scheme's rule counts the notifications of one death if all candidates stand and are well. Five
 * things add to that, and the history shows each of them:
 *
 * - A leader claims again with the same contender. It announces itself again, and the candidates that watch it
 *   are told once more for each such claim. It has also looked again: if a look watches the child list, the
 *   leader is told of the next change, which it otherwise would not be.
 * - Another contender ends as well. Candidates that watch it are told, the child list changes once more, and if
 *   it led, a candidate other than the victim's successor leads and announces itself.
 * - A session ends before its candidate is told of the contender that it has asked for. Others may have seen
 *   that contender, and are told of its end, although no event has its sequence.
 * - A candidate is connected again. A server sets its watches again, and may repeat what another one has told.
 * - A candidate was cut off, or no longer has a contender. It may not have been told at all: it looks when it
 *   is back.
 *
 * Each explains a certain number of notifications, to the candidates that it can have told: all others count.
 */
import type { Event, EventOf } from "./event.ts";
import { isVictim, type Strike } from "./strike.ts";
import type { Listener } from "./told.ts";
import { endOf, notificationsIn, type Window } from "./window.ts";

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

/**
 * Gathered while a history is told. Events before all had last settled before a strike explain nothing after
 * it, and are then forgotten: so a window must be judged before the next strike is told.
 */
export class Circumstances implements Listener {
  #endings: Ending[] = [];
  /** Sessions that ended while a create was under way. */
  #unnamed: Moment[] = [];
  #reconnects: Moment[] = [];
  #cutOffs: Moment[] = [];
  /** Successful creates, by when they were sent: others may learn of one before its owner does. */
  #creates: Moment[] = [];
  /** Keyed by the sequence of the contender that claims. */
  readonly #claims = new Map<number, number[]>();
  /** A look by a candidate that had led with the same contender. */
  #looksAgain: OfContender[] = [];
  #notified: Notified[] = [];
  /** Remains of forgotten events: when each candidate last looked again with each contender, */
  readonly #lookedAt = new Map<string, number>();
  /** when it was last told of the child list, */
  readonly #toldOfList = new Map<number, number>();
  /** and how often of each announcement. */
  readonly #toldOfLeader = new Map<string, number>();
  /** Strikes, keyed by their beginnings. */
  readonly #coming = new Map<number, Strike>();
  readonly #struck = new Map<Strike, Scene>();

  /** The session of each candidate. */
  readonly #sessions = new Map<number, string>();
  /** The contender of each candidate, unless it was struck or has ended. */
  readonly #standing = new Map<number, number>();
  readonly #joined = new Set<number>();
  /** Candidates whose creates have no answer yet. */
  readonly #asking = new Set<number>();
  /** The contender with which each candidate last led. */
  readonly #led = new Map<number, number>();
  /** When each candidate last sent a create. */
  readonly #sent = new Map<number, number>();
  #settledAt = Number.NEGATIVE_INFINITY;

  strike(strike: Strike): void {
    this.#coming.set(strike.startedAt, strike);
  }

  event(event: Event): void {
    const { at, candidate } = event;
    switch (event.type) {
      case "connected": {
        const session = `${event.sessionHigh}/${event.sessionLow}`;
        if (this.#sessions.get(candidate) === session) this.#reconnects.push({ at, candidate });
        this.#sessions.set(candidate, session);
        break;
      }
      case "suspended":
        this.#cutOffs.push({ at, candidate });
        break;
      case "created":
        this.#creates.push({ at: this.#sent.get(candidate) ?? at, candidate });
        this.#standing.set(candidate, event.sequence);
        this.#joined.add(candidate);
        this.#asking.delete(candidate);
        break;
      case "creating":
        this.#sent.set(candidate, at);
        this.#asking.add(candidate);
        this.#end(event, false);
        break;
      case "expired":
        if (this.#asking.delete(candidate)) this.#unnamed.push({ at, candidate });
        this.#end(event, false);
        break;
      case "removing":
      case "closing":
        this.#end(event, true);
        break;
      case "claimed":
        this.#claims.set(event.sequence, [...(this.#claims.get(event.sequence) ?? []), at]);
        this.#led.set(candidate, event.sequence);
        break;
      case "reading": {
        const sequence = this.#standing.get(candidate);
        if (sequence !== undefined && this.#led.get(candidate) === sequence)
          this.#looksAgain.push({ at, candidate, sequence });
        break;
      }
      case "notified":
        this.#notified.push(event);
        break;
      case "fault": {
        const strike = this.#coming.get(at);
        if (strike !== undefined) this.#begin(strike);
        break;
      }
      case "enrolled":
      case "settled":
        this.#settledAt = at;
        break;
      default:
        break;
    }
  }

  /** The window's notifications that nothing but its strike explains: a scheme's rule counts these. */
  causedIn(window: Window): ReturnType<typeof notificationsIn> {
    /** How often each candidate was told the same earlier in this window. */
    const before = new Map<string, number>();
    const isCaused = (event: Notified) => {
      const key = `${event.watch} ${keyOf(event.candidate, event.sequence)}`;
      const alike = before.get(key) ?? 0;
      before.set(key, alike + 1);
      return !this.#explains(window, event, alike);
    };
    const { herd, told } = notificationsIn(window);
    return { herd: herd.filter(isCaused), told: told.filter(isCaused) };
  }

  /** Candidates that may have missed notifications in this window, in order. */
  missers(window: Window): number[] {
    const { strike } = window;
    const here = [...this.#cutOffs, ...this.#endings].filter(
      ({ at }) => at > this.#sinceOf(window) && at <= endOf(window),
    );
    const all = [...here.map(({ candidate }) => candidate), ...(this.#struck.get(strike)?.absent ?? [])];
    return [...new Set(all)].filter((candidate) => !isVictim(strike, candidate)).sort((a, b) => a - b);
  }

  /**
   * Candidates whose contenders ended in this window although the strike was not to end them, and not
   * voluntarily.
   */
  othersThatEnded(window: Window): number[] {
    const here = this.#endings.filter(
      ({ at, willing }) => !willing && at > window.strike.startedAt && at <= endOf(window),
    );
    return [...new Set(here.map(({ candidate }) => candidate))].sort((a, b) => a - b);
  }

  /** The candidate with the oldest contender that the strike was to leave; `undefined` if it left none. */
  oldestSurvivor({ strike }: Window): number | undefined {
    return this.#struck.get(strike)?.oldest;
  }

  /** Whether the contender of that sequence had led by then. */
  hadClaimed(sequence: number, at: number): boolean {
    return this.#claimsOf(sequence, at) > 0;
  }

  /** @param alike how often its candidate was told the same in this window */
  #explains(window: Window, event: Notified, alike: number): boolean {
    const { at, candidate, sequence, watch } = event;
    const since = this.#sinceOf(window);
    const reconnects = this.#reconnects.filter(
      (one) => one.candidate === candidate && one.at > since && one.at <= at,
    ).length;
    switch (watch) {
      case "contender": {
        const other = this.#endingsIn(window).some((ending) => ending.sequence === sequence);
        if (other && !this.#struck.get(window.strike)?.contenders.includes(sequence)) return true;
        if (this.#wasUnnamed(window, sequence)) return true;
        return alike > 0 && alike <= reconnects;
      }
      case "children": {
        if (this.#ledAndLooked(event)) return true;
        const from = window.strike.startedAt;
        const joins = this.#creates.filter((one) => one.at > from && one.at <= at).length;
        // Each of these joined and ended.
        const unnamed = 2 * this.#unnamedIn(window);
        return alike > 0 && alike <= this.#endingsIn(window).length + joins + unnamed + reconnects;
      }
      case "announcement": {
        const claims = this.#claimsOf(sequence, at);
        const isNew = (this.#claims.get(sequence)?.[0] ?? 0) > window.strike.startedAt;
        if (isNew && alike === 0) {
          // The rule counts it if it is a victim's successor; otherwise another leader had to end first.
          const { leader } = window.strike.expects;
          const succeeds = leader === "any" || (leader === "next" && window.claim?.sequence === sequence);
          return !succeeds && claims > 0 && this.#endingsIn(window).length > 0;
        }
        return claims + reconnects > 1 && this.#toldUpTo(event) <= claims + reconnects;
      }
      default:
        return watch satisfies never;
    }
  }

  /** Whether that may be the contender of a session that ended too early: there are no more of them. */
  #wasUnnamed(window: Window, sequence: number): boolean {
    const unnamed = this.#unnamedIn(window);
    if (unnamed === 0) return false;
    const named = new Set([
      ...this.#standing.values(),
      ...this.#endings.map((ending) => ending.sequence),
      ...(this.#struck.get(window.strike)?.contenders ?? []),
    ]);
    const nameless = notificationsIn(window)
      .herd.filter((event) => event.watch === "contender")
      .map((event) => event.sequence)
      .filter((one) => !named.has(one));
    return !named.has(sequence) && new Set(nameless).size <= unnamed;
  }

  #unnamedIn(window: Window): number {
    return this.#unnamed.filter(({ at }) => at > this.#sinceOf(window) && at <= endOf(window)).length;
  }

  #ledAndLooked({ at, candidate, sequence }: Notified): boolean {
    const here = this.#looksAgain.findLast(
      (one) => one.candidate === candidate && one.sequence === sequence && one.at <= at,
    );
    const look = here?.at ?? this.#lookedAt.get(keyOf(candidate, sequence));
    if (look === undefined) return false;
    if ((this.#toldOfList.get(candidate) ?? look) > look) return false;
    return !this.#notified.some(
      (one) => one.candidate === candidate && one.watch === "children" && one.at > look && one.at < at,
    );
  }

  #claimsOf(sequence: number, at: number): number {
    return this.#claims.get(sequence)?.filter((claimedAt) => claimedAt <= at).length ?? 0;
  }

  /** How often its candidate had been told of that announcement by then, including this time. */
  #toldUpTo({ at, candidate, sequence }: Notified): number {
    const here = this.#notified.filter(
      (one) =>
        one.watch === "announcement" &&
        one.candidate === candidate &&
        one.sequence === sequence &&
        one.at <= at,
    );
    return (this.#toldOfLeader.get(keyOf(candidate, sequence)) ?? 0) + here.length;
  }

  #endingsIn(window: Window): Ending[] {
    return this.#endings.filter(({ at }) => at > this.#sinceOf(window) && at <= endOf(window));
  }

  #sinceOf({ strike }: Window): number {
    return this.#struck.get(strike)?.since ?? Number.NEGATIVE_INFINITY;
  }

  #end({ at, candidate }: Moment, willing: boolean): void {
    const sequence = this.#standing.get(candidate);
    if (sequence !== undefined) this.#endings.push({ at, candidate, sequence, willing });
    this.#standing.delete(candidate);
  }

  #begin(strike: Strike): void {
    const contenders = strike.expects.contendersStay
      ? []
      : strike.victims.flatMap((victim) => this.#standing.get(victim) ?? []);
    if (!strike.expects.contendersStay) for (const victim of strike.victims) this.#standing.delete(victim);
    let oldest: { readonly candidate: number; readonly sequence: number } | undefined;
    for (const [candidate, sequence] of this.#standing)
      if (oldest === undefined || sequence < oldest.sequence) oldest = { candidate, sequence };
    const absent = [...this.#joined].filter((one) => !this.#standing.has(one));
    this.#coming.delete(strike.startedAt);
    this.#struck.clear();
    this.#struck.set(strike, { contenders, absent, oldest: oldest?.candidate, since: this.#settledAt });
    this.#forget(this.#settledAt);
  }

  /** Forgets everything up to that moment. */
  #forget(until: number): void {
    const later = <M extends { readonly at: number }>(moments: readonly M[]) =>
      moments.filter(({ at }) => at > until);
    this.#endings = later(this.#endings);
    this.#unnamed = later(this.#unnamed);
    this.#reconnects = later(this.#reconnects);
    this.#cutOffs = later(this.#cutOffs);
    this.#creates = later(this.#creates);
    for (const { at, candidate, sequence } of this.#looksAgain)
      if (at <= until) this.#lookedAt.set(keyOf(candidate, sequence), at);
    this.#looksAgain = later(this.#looksAgain);
    for (const { at, candidate, watch, sequence } of this.#notified) {
      if (at > until) continue;
      if (watch === "children") this.#toldOfList.set(candidate, at);
      if (watch !== "announcement") continue;
      const key = keyOf(candidate, sequence);
      this.#toldOfLeader.set(key, (this.#toldOfLeader.get(key) ?? 0) + 1);
    }
    this.#notified = later(this.#notified);
  }
}

/** The situation when a strike began. */
interface Scene {
  /** The victims' contenders. */
  readonly contenders: readonly number[];
  /** The victims whose contender had gone. */
  readonly absent: readonly number[];
  readonly oldest: number | undefined;
  /** The time when all had settled before: at the end of the previous window, or when they had joined. */
  readonly since: number;
}

function keyOf(candidate: number, sequence: number): string {
  return `${candidate}/${sequence}`;
}

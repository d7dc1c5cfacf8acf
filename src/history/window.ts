/**
 * The window of a failover: from its strike until every living candidate has settled again, or until the
 * failover was given up. All numbers about a failover are counted here, so that neither a victim's return nor
 * the candidates' leaving at the end is mistaken for a part of it.
 */
import type { Event, EventOf } from "./event.ts";
import type { History } from "./history.ts";
import { isVictim, type Strike } from "./strike.ts";
import { chronicleOf, type Listener } from "./told.ts";

type Claim = EventOf<"claimed">;

export interface Window {
  readonly strike: Strike;
  /** `null` if the trial was interrupted inside the window. */
  readonly end: EventOf<"settled"> | EventOf<"aborted"> | null;
  /**
   * Claims that make a new leader, the first with each contender: a leader claims again when its connection is
   * back, or when its lease had run out and holds again.
   */
  readonly claims: readonly Claim[];
  /** The first of them by a candidate that may lead: a victim only if any may. */
  readonly claim: Claim | null;
  /** Recorded before its end or after it; `null` for a failover that says something about the election. */
  readonly voided: EventOf<"voided"> | null;
  /**
   * Events of victims after they were struck together with others, and before they come back: one may be told
   * of another's end, and nobody acts on it.
   */
  readonly stray: ReadonlySet<Event>;
  /**
   * The events after the strike, including the end; without an end, up to the next strike or to the last event.
   */
  readonly events: readonly Event[];
}

type Draft = { -readonly [F in keyof Window]: Window[F] } & {
  readonly claims: Claim[];
  readonly stray: Set<Event>;
  readonly events: Event[];
};

/** The windows of a history that is being told: one for each strike, in chronological order. */
export class Windows implements Listener {
  readonly #coming: Strike[] = [];
  /** The czxids of all contenders that have led. */
  readonly #led = new Set<number>();
  /** Victims that have been struck together, and not come back. */
  readonly #out = new Set<number>();
  #current: Draft | undefined;

  /** The window of the last strike: nobody knows whether it is over before the next one. */
  get current(): Window | undefined {
    return this.#current;
  }

  strike(strike: Strike): void {
    this.#coming.push(strike);
  }

  /** @returns the window that was current, if the next one begins with this event */
  event(event: Event): Window | undefined {
    let over: Window | undefined;
    const [strike] = this.#coming;
    if (strike !== undefined && strike.startedAt <= event.at) {
      this.#coming.shift();
      over = this.#current;
      this.#current = {
        strike,
        end: null,
        claims: [],
        claim: null,
        voided: null,
        stray: new Set(),
        events: [],
      };
    }
    if (event.type !== "fault") this.#add(event);
    else this.#strike(event.victim);
    return over;
  }

  #strike(victim: number): void {
    const { victims, expects } = this.#current?.strike ?? {};
    if (victims !== undefined && victims.length > 1 && !expects?.contendersStay) this.#out.add(victim);
  }

  #add(event: Event): void {
    const current = this.#current;
    if (current !== undefined && event.type === "voided") current.voided = event;
    const isOpen = current !== undefined && current.end === null;
    if (event.type === "creating") this.#out.delete(event.candidate);
    if (isOpen) current.events.push(event);
    if (isOpen && this.#out.has(event.candidate)) current.stray.add(event);
    if (event.type === "claimed" && !this.#led.has(event.czxid)) {
      this.#led.add(event.czxid);
      if (!isOpen) return;
      current.claims.push(event);
      const { strike } = current;
      if (strike.expects.leader === "any" || !isVictim(strike, event.candidate)) current.claim ??= event;
    } else if (isOpen && (event.type === "settled" || event.type === "aborted")) current.end = event;
  }
}

/** One window for each strike, in chronological order, up to the last event. */
export function* windowsOf(history: Pick<History, "events" | "strikes">): Generator<Window> {
  const windows = new Windows();
  for (const told of chronicleOf(history)) {
    const over = "strike" in told ? windows.strike(told.strike) : windows.event(told.event);
    if (over !== undefined) yield over;
  }
  if (windows.current !== undefined) yield windows.current;
}

/**
 * The successor's claim. Without an end, a claim may as well come from the candidates' leaving, and is not a
 * successor's.
 */
export function successorIn({ claim, end }: Window): EventOf<"claimed"> | null {
  return end === null ? null : claim;
}

/** The time when the window ended, or of its last known event. */
export function endOf({ strike, end, events }: Window): number {
  return end?.at ?? events.at(-1)?.at ?? strike.startedAt;
}

/** The herd: notifications of an end, or of a change to the child list; and those of a new leader. */
export function notificationsIn({ events, stray }: Window) {
  const all = events.filter((event) => event.type === "notified").filter((event) => !stray.has(event));
  return {
    herd: all.filter(({ watch }) => watch !== "announcement"),
    told: all.filter(({ watch }) => watch === "announcement"),
  };
}

/** The name of a failover in a sentence. */
export function failoverTitle({ failover }: { readonly failover: number }): string {
  return failover === 0 ? "a warm-up" : `failover ${failover}`;
}

/**
 * The time when the last candidate waited again, or led: the coordinator sees it only a little later. The
 * strike's own time if nobody had to; `null` if the window did not end that way.
 */
export function settledAt({ strike, end, events }: Window): number | null {
  if (end?.type !== "settled") return null;
  const last = events.findLast(
    ({ type, candidate }) =>
      (type === "armed" || type === "claimed") &&
      (strike.expects.contendersStay === true ||
        strike.expects.leader === "any" ||
        !isVictim(strike, candidate)),
  );
  return last?.at ?? strike.startedAt;
}

/** The time when the first victim that came back asked for a new contender; `null` if none did. */
export function returnedAt({ strike, events }: Window): number | null {
  if (strike.expects.leader !== "any") return null;
  return events.find(({ type, candidate }) => type === "creating" && isVictim(strike, candidate))?.at ?? null;
}

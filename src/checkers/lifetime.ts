/**
 * A contender's lifetime, as far as it is certain: when its znode existed beyond doubt. Its beginning needs no
 * time, since the czxids show who was there first. It ends at the first event that may have removed it, so that
 * nobody is accused of having passed over a contender that was about to go.
 */
import type { Event } from "../history/event.ts";

export interface Lifetime {
  readonly candidate: number;
  readonly sequence: number;
  readonly czxid: number;
  /** It certainly existed up to here; `Infinity` if the history has nothing that ends it. */
  readonly certainUntil: number;
  /** The time when its candidate itself began to remove it, or to make another one; `null` if it never did. */
  readonly givenUpAt: number | null;
}

/** The lifetimes of one candidate's contenders, from its own events and the faults that strike it. */
export class Lifetimes {
  #current: { -readonly [F in keyof Lifetime]: Lifetime[F] } | undefined;
  #session: string | undefined;
  #suspended = false;
  /** The time of the last request that was answered: the session lived then. */
  #proof = 0;
  #asked = 0;

  /** The lifetime that may still change. */
  get current(): Lifetime | undefined {
    return this.#current;
  }

  event(event: Event): void {
    const { at } = event;
    switch (event.type) {
      case "connected": {
        const connected = `${event.sessionHigh}/${event.sessionLow}`;
        if (this.#session !== undefined && connected !== this.#session) this.#dieWithSession();
        this.#session = connected;
        this.#suspended = false;
        break;
      }
      case "suspended":
        this.#suspended = true;
        break;
      case "expired":
        this.#dieWithSession();
        break;
      case "creating":
        // A znode that vanished behind its owner's back: nothing shows when.
        if (this.#current?.givenUpAt === null) this.#certainUpTo(0);
        this.#giveUp(at);
        break;
      case "created": {
        const { candidate, sequence, czxid } = event;
        if (this.#current?.czxid === czxid) break;
        this.#giveUp(at);
        const certainUntil = Number.POSITIVE_INFINITY;
        this.#current = { candidate, sequence, czxid, certainUntil, givenUpAt: null };
        this.#proof = at;
        break;
      }
      case "reading":
        this.#asked = at;
        break;
      case "read":
      case "armed":
        this.#proof = Math.max(this.#proof, this.#asked);
        this.#asked = at;
        break;
      case "fault":
        // Nothing was known against the session: it lived until it was struck.
        if (!this.#suspended) this.#proof = at;
        this.#certainUpTo(this.#proof);
        break;
      case "removing":
      case "closing":
        this.#certainUpTo(this.#suspended ? this.#proof : at);
        this.#giveUp(at);
        break;
      default:
        break;
    }
  }

  /** Called when everything is told: a lost connection may have ended the session. */
  end(): void {
    if (this.#suspended) this.#certainUpTo(this.#proof);
  }

  #certainUpTo(at: number): void {
    if (this.#current !== undefined) this.#current.certainUntil = Math.min(this.#current.certainUntil, at);
  }

  #dieWithSession(): void {
    this.#certainUpTo(this.#proof);
    this.#current = undefined;
  }

  #giveUp(at: number): void {
    if (this.#current !== undefined) this.#current.givenUpAt ??= at;
  }
}

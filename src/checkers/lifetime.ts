/**
 * A contender's lifetime, as far as it is certain: when its znode existed beyond doubt. Its beginning needs no
 * time, since the czxids tell who was there before whom. Its end is drawn at the first thing that may have
 * removed it, so that nobody is accused of having passed over a contender that was on its way out.
 */
import type { Event } from "../history/event.ts";

export interface Lifetime {
  readonly candidate: number;
  readonly sequence: number;
  readonly czxid: number;
  /** Up to here it existed for certain; `Infinity` if nothing that ends it is in the history. */
  readonly certainUntil: number;
  /** When its candidate itself set out to remove it, or to make another one; `null` if it never did. */
  readonly givenUpAt: number | null;
}

/** The lifetimes of one candidate's contenders, from its own events and the faults that strike it. */
export class Lifetimes {
  #current: { -readonly [F in keyof Lifetime]: Lifetime[F] } | undefined;
  #session: string | undefined;
  #suspended = false;
  /** When the last question was asked that was answered: then the session lived. */
  #proof = 0;
  #asked = 0;

  /** That of which more may be heard. */
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
        // A znode that vanished behind its owner's back: nothing tells when.
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
        // Nothing had been heard against the session: it lived until it was struck.
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

  /** When all is told: a connection that was lost may have taken the session with it. */
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

/**
 * When the leader of the ensemble has had to do with a session, by the session's own clock: what a lease is reckoned
 * from. Two kinds of exchange tell. A connection that came about: the ensemble's leader has then counted the session's
 * time anew, whatever server it was made with. And an answered sync: it has gone through the leader, which has
 * refused it to a session that it had given up.
 *
 * A mere read tells nothing: the server that answers it may be cut off from its leader, and not know yet that the
 * session is over.
 */

/** Times in milliseconds of the monotonic clock. */
export interface Contact {
  readonly type: "connected" | "synced";
  /** Not later than that the client asked. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** At this distance they reach back over a third of the session timeout: further than a tick. */
const KEPT = 33;
const APART = 0.01;

export class Contacts {
  readonly #apartMs: number;
  #kept: Contact[] = [];
  #last: Contact | undefined;

  constructor(timeoutMs: number) {
    this.#apartMs = timeoutMs * APART;
  }

  get last(): Contact | undefined {
    return this.#last;
  }

  /** The last one that fulfils it, but for some that were close together. */
  findLast(test: (contact: Contact) => boolean): Contact | undefined {
    if (this.#last !== undefined && test(this.#last)) return this.#last;
    return this.#kept.findLast(test);
  }

  /** The longest that one of the last ones was under way. */
  get roundTripMs(): number {
    let longest = 0;
    for (const { sentAt, answeredAt, type } of this.#kept) {
      if (type === "synced") longest = Math.max(longest, answeredAt - sentAt);
    }
    return longest;
  }

  add(contact: Contact): void {
    this.#last = contact;
    if (contact.type === "connected") this.#kept = [];
    const before = this.#kept.at(-1);
    if (before !== undefined && contact.sentAt - before.sentAt < this.#apartMs) return;
    this.#kept.push(contact);
    if (this.#kept.length > KEPT) this.#kept.shift();
  }
}

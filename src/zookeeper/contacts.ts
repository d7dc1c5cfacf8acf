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

/** Of the session timeout: at this distance so many reach back over three quarters of it, further than a lease looks. */
const APART = 1 / 40;
const KEPT = 32;

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

  /** From the last one back to the connection, without some of those that were close together. */
  *backwards(): Generator<Contact, void, undefined> {
    if (this.#last !== undefined) yield this.#last;
    for (let i = this.#kept.length - 1; i >= 0; i--) {
      const contact = this.#kept[i];
      if (contact !== undefined && contact !== this.#last) yield contact;
    }
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

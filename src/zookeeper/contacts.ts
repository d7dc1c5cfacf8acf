/**
 * When the leader of the ensemble has had to do with a session, by the session's own clock: what a lease is
 * reckoned from. Two kinds of exchange tell. A connection that came about: the ensemble's leader has then
 * counted the session's time anew, whatever server it was made with. And an answered sync: it has gone through
 * the leader, which has refused it to a session that it had given up.
 *
 * A session that comes back has the connection for certain only with the first sync that is answered over it.
 * Servers tell those who ask for a session apart by its id alone (`Learner.pendingRevalidations`): an answer
 * that is late, to an earlier attempt at the same server, makes the present one, whatever has become of the
 * session since. The sync is behind the present one's own question, all the way to the leader and back.
 *
 * A mere read tells nothing: the server that answers it may be cut off from its leader,
 * and not know yet that the session is over.
 */

/** Times in milliseconds of the monotonic clock. */
export interface Contact {
  readonly type: "connected" | "synced";
  /** Not later than that the client asked. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/**
 * Of the session timeout: at this distance so many reach back over three
 * quarters of it, further than a lease looks.
 */
const APART = 1 / 40;
const KEPT = 32;

export class Contacts {
  readonly #apartMs: number;
  #kept: Contact[] = [];
  #last: Contact | undefined;
  /** A connection after the first one, until a sync over it is answered. */
  #uncertain: Contact | undefined;

  constructor(timeoutMs: number) {
    this.#apartMs = timeoutMs * APART;
  }

  get last(): Contact | undefined {
    return this.#last;
  }

  /**
   * Whether the ensemble's leader is known to have heard of the present
   * connection before anything that is sent now.
   */
  get certain(): boolean {
    return this.#uncertain === undefined;
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
    if (contact.type === "connected" && this.#last !== undefined) {
      this.#uncertain = contact;
      return;
    }
    if (this.#uncertain !== undefined) this.#kept = [this.#uncertain];
    this.#uncertain = undefined;
    this.#last = contact;
    const before = this.#kept.at(-1);
    if (before !== undefined && contact.sentAt - before.sentAt < this.#apartMs) return;
    this.#kept.push(contact);
    if (this.#kept.length > KEPT) this.#kept.shift();
  }
}

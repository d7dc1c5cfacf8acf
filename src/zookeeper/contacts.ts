/**
 * Records when the ensemble's leader was in contact with a session, by the session's own clock: leases are
 * computed from this. Two kinds of exchange count. A new connection: the ensemble's leader has then restarted
 * the session's timer, whatever server the connection is to. And an answered sync: it has gone through the
 * leader, which refuses it to a session that it has given up.
 *
 * When a session comes back, its connection is certain only with the first sync that is answered over it. A
 * server matches clients that ask for a session by the session's id alone (`Learner.pendingRevalidations`): a
 * late answer, to an earlier attempt at the same server, makes the current connection, whatever has become of
 * the session since. The sync follows the current attempt's own request, all the way to the leader and back.
 *
 * A mere read proves nothing: the server that answers it may be cut off from its leader, and not know yet that
 * the session is over.
 */

/** Times are in milliseconds of the monotonic clock. */
export interface Contact {
  readonly type: "connected" | "synced";
  /** A time no later than when the client sent its request. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/**
 * A fraction of the session timeout: at this distance, the kept contacts reach back over three quarters of it,
 * further than a lease looks.
 */
const APART = 1 / 40;
const KEPT = 32;

export class Contacts {
  readonly #apartMs: number;
  #kept: Contact[] = [];
  #last: Contact | undefined;
  /** A later connection than the first, until a sync over it is answered. */
  #uncertain: Contact | undefined;

  constructor(timeoutMs: number) {
    this.#apartMs = timeoutMs * APART;
  }

  get last(): Contact | undefined {
    return this.#last;
  }

  /**
   * Whether the ensemble's leader certainly learned of the current connection before anything that is sent from
   * now on.
   */
  get certain(): boolean {
    return this.#uncertain === undefined;
  }

  /** Yields contacts from the last one back to the connection, skipping some that were close together. */
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

/**
 * A session that servers accept and hang up on, again and again, before they have answered a single call: they
 * refuse something that the client sends with each connection, and will go on to. Meanwhile each of them keeps
 * the session alive, so that it neither works nor ends.
 */

/** In a row, and over more than twice the session timeout: so no outage looks like it. */
const TIMES = 10;
const TIMEOUTS = 2;

export class HangUps {
  #times = 0;
  #since = 0;
  #connectedAt = 0;
  #answered = false;

  connected(now: number): void {
    this.#connectedAt = now;
    this.#answered = false;
  }

  answered(): void {
    this.#answered = true;
  }

  /** The connection is lost. @returns whether it is hopeless */
  lost(now: number, timeoutMs: number): boolean {
    // One that stood so long was answered a ping.
    if (this.#answered || now - this.#connectedAt > timeoutMs) this.#times = 0;
    else if (++this.#times === 1) this.#since = this.#connectedAt;
    return this.#times >= TIMES && now - this.#since > TIMEOUTS * timeoutMs;
  }
}

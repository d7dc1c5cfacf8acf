/**
 * Detects a session whose connections servers keep accepting and closing before they answer a single call: they
 * refuse something that the client sends with each connection, and always will. Meanwhile each connection keeps
 * the session alive, so it neither works nor ends.
 */

/**
 * The number in a row that is hopeless, if it also takes more than twice the session timeout: no outage looks
 * like that.
 */
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

  /**
   * The connection is lost.
   * @returns whether the session is hopeless
   */
  lost(now: number, timeoutMs: number): boolean {
    // A connection that lasted this long had an answer to a ping.
    if (this.#answered || now - this.#connectedAt > timeoutMs) this.#times = 0;
    else if (++this.#times === 1) this.#since = this.#connectedAt;
    return this.#times >= TIMES && now - this.#since > TIMEOUTS * timeoutMs;
  }
}

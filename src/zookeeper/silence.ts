/**
 * Makes the client leave a server that no longer answers as soon as it can. By itself it gives the connection
 * up after two thirds of the session timeout, and opens the next one up to a third later: when the session is
 * about to expire. The reason is the addon's timer, which runs on with its last period after the client has
 * given up (node-zk.cpp, `yield`), and that is a third of the timeout if nothing was sent for so long
 * (zookeeper.c, `zookeeper_interest`). One request shortly before the client would ping leaves a period as
 * short as what was missing then.
 *
 * Our change to the addon (.yarn/patches) makes it turn to another server by itself. Where it is missing, such
 * a request takes the place of each ping if there is another server to turn to.
 *
 * Not promised without that change if the thread stands still at that moment.
 */

/** Fractions of the session timeout: after so much silence the client pings; a request comes so long before. */
const PINGS = 1 / 3;
const BEFORE = 1 / 20;
/** A timer that is later than this share of {@link BEFORE} comes from a thread that stood still. */
const LATE = 1 / 2;

export interface Listening {
  readonly timeoutMs: number;
  /** Whether anybody waits for an answer. */
  readonly isWaiting: boolean;
  /** Whether the client may never ping, since it would be late in leaving a server that falls silent then. */
  readonly turnsLate: boolean;
  /** Sends a request that changes nothing. */
  request(): void;
}

export class Silence {
  readonly #session: Listening;
  #heardAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(session: Listening) {
    this.#session = session;
  }

  /** The server has sent something. */
  heard(): void {
    this.#heardAt = performance.now();
    if (this.#timer === undefined && this.#session.turnsLate) this.#watch();
  }

  /** Something was asked. */
  asked(): void {
    if (this.#timer === undefined) this.#watch();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** The time for a request if nothing is heard until then. */
  get #dueAt(): number {
    return this.#heardAt + (PINGS - BEFORE) * this.#session.timeoutMs;
  }

  #watch(): void {
    const dueAt = this.#dueAt;
    const ms = dueAt - performance.now();
    // Too late: the client may have pinged, and heard what nobody here is told.
    if (ms < 0) return;
    this.#timer = setTimeout(() => this.#look(dueAt), ms).unref();
  }

  #look(dueAt: number): void {
    this.#timer = undefined;
    const { timeoutMs, isWaiting, turnsLate } = this.#session;
    if (!(isWaiting || turnsLate)) return;
    const now = performance.now();
    if (this.#dueAt > now) this.#watch();
    else if (turnsLate || now < dueAt + LATE * BEFORE * timeoutMs) this.#session.request();
  }
}

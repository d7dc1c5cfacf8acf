/**
 * The coordinator's own session, which must outlive every trial's trouble. It ends all the same where the whole
 * process stands still for longer than its timeout, as a terminal does that suspends it: then it is opened
 * anew.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Session } from "../zookeeper/session.ts";

/** The timeout of the coordinator's own session, in milliseconds. */
export const COORDINATOR_TIMEOUT_MS = 30_000;

/** Without a connection for so long, it is given up for another one. */
const RETURNS_WITHIN_MS = 10_000;
const RETRY_MS = 50;

export class CoordinatorSession {
  #session: Session;
  readonly #root: string;
  readonly #prepare: (session: Session) => Promise<unknown>;

  /** @param prepare makes again what had gone with the session before */
  constructor(session: Session, root: string, prepare: (session: Session) => Promise<unknown>) {
    this.#session = session;
    this.#root = root;
    this.#prepare = prepare;
  }

  get session(): Session {
    return this.#session;
  }

  /** @throws when no server answers any more */
  async revive(): Promise<void> {
    if (await this.#isAlive()) return;
    await this.#session.close();
    this.#session = await this.#session.reopen();
    await this.#prepare(this.#session);
  }

  async #isAlive(): Promise<boolean> {
    const deadline = performance.now() + RETURNS_WITHIN_MS;
    while (this.#session.state === "connected" || this.#session.state === "suspended") {
      const answered = await this.#session.sync(this.#root).then(
        () => true,
        () => false,
      );
      if (answered || performance.now() > deadline) return answered;
      await delay(RETRY_MS);
    }
    return false;
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

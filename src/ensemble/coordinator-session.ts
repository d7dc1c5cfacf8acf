/**
 * The coordinator's own session, which must outlive every trial's trouble. It still ends if the whole process
 * stands still for longer than its timeout, as when a terminal suspends it: then it is opened again.
 */
import type { Session } from "../zookeeper/session.ts";
import { patiently } from "./patiently.ts";

/** The timeout of the coordinator's own session, in milliseconds. */
export const COORDINATOR_TIMEOUT_MS = 30_000;

/**
 * The same where its server may be struck: while servers elect a leader they accept connections and do not
 * answer, and the client tries the next server only after a third of this.
 */
export const STRUCK_PATIENCE_MS = 12_000;

/** The ensemble, and how to find it again. */
export interface Place {
  /** `host:port,…` */
  readonly connect: string;
  readonly root: string;
  readonly patienceMs?: number;
  /** Creates again what went away with the previous session. */
  readonly prepare: (session: Session) => Promise<unknown>;
}

export class CoordinatorSession {
  #session: Session;
  readonly #place: Place;

  constructor(session: Session, place: Place) {
    this.#session = session;
    this.#place = place;
  }

  get session(): Session {
    return this.#session;
  }

  /** @throws {LabError} `unavailable` when no server answers any more */
  async revive(): Promise<void> {
    if (await this.#isAlive()) return;
    await this.#session.close();
    this.#session = await this.#session.reopen();
    await this.#place.prepare(this.#session);
  }

  async #isAlive(): Promise<boolean> {
    const session = this.#session;
    const { root } = this.#place;
    try {
      await patiently({ ...this.#place, session }, () => session.sync(root));
      return true;
    } catch (error) {
      // If this session may be alive, another one would find no server either.
      if (session.state === "connected" || session.state === "suspended") throw error;
      return false;
    }
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

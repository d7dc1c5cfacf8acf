/**
 * The coordinator's own session, which must outlive every trial's trouble. It ends all the same where the whole
 * process stands still for longer than its timeout, as a terminal does that suspends it: then it is opened
 * anew.
 */
import type { Session } from "../zookeeper/session.ts";
import { patiently } from "./patiently.ts";

/** The timeout of the coordinator's own session, in milliseconds. */
export const COORDINATOR_TIMEOUT_MS = 30_000;

/** The ensemble as it is found again. */
export interface Place {
  /** `host:port,…` */
  readonly connect: string;
  readonly root: string;
  /** Makes again what had gone with the session before. */
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
    const { connect, root } = this.#place;
    try {
      await patiently({ session, connect }, () => session.sync(root));
      return true;
    } catch (error) {
      // Where it may be alive, another one would find no server either.
      if (session.state === "connected" || session.state === "suspended") throw error;
      return false;
    }
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

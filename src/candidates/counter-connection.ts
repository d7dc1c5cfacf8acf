/**
 * A candidate's own connection to a trial's counter, which stands for a resource outside the election. A write
 * through the election's session would prove nothing, since that session dies with the leadership; a database
 * knows nothing of it.
 */
import { fence } from "../election/fence.ts";
import type { Recorder } from "../history/recorder.ts";
import type { NativeSession } from "../zookeeper/native-session.ts";
import type { Session } from "../zookeeper/session.ts";
import { GuardedCounter, pauseMs, type Write } from "./guarded-counter.ts";
import type { Counter } from "./protocol.ts";

/**
 * The session timeout: longer than a leader stands still, so that the connection outlives the leadership, as
 * far as the servers grant it. If its server is struck, the client may look for another one for a third of it.
 */
function timeoutMs(sessionTimeoutMs: number, struckServers: boolean): number {
  return struckServers ? 3 * sessionTimeoutMs : 600_000;
}

/** The written data does not matter: each write makes a new version of the znode, and the version counts. */
const DATA = "";
const ANY_VERSION = -1;

export class CounterConnection {
  readonly #open: (timeoutMs: number) => Promise<NativeSession>;
  readonly #sessionTimeoutMs: number;
  readonly #timeoutMs: number;
  #session: NativeSession | undefined;
  #counter: GuardedCounter | undefined;

  /**
   * @param sessionTimeoutMs the election's
   * @param struckServers whether its server may be struck, and there are others
   */
  constructor(
    open: (timeoutMs: number) => Promise<NativeSession>,
    sessionTimeoutMs: number,
    struckServers: boolean,
  ) {
    this.#open = open;
    this.#sessionTimeoutMs = sessionTimeoutMs;
    this.#timeoutMs = timeoutMs(sessionTimeoutMs, struckServers);
  }

  /** This happens before joining, not when a term begins: that moment is measured. */
  async reach(counter: Counter | undefined, recorder: Recorder): Promise<void> {
    this.#counter = undefined;
    if (counter === undefined) return;
    if (this.#session?.state !== "connected") {
      await this.#session?.close();
      this.#session = await this.#open(this.#timeoutMs);
    }
    const write = writeTo(this.#session, counter);
    this.#counter = new GuardedCounter(recorder, write, pauseMs(this.#sessionTimeoutMs));
  }

  /** A term has begun. */
  begin(token: number): void {
    this.#counter?.begin(token);
  }

  /** The thread stood still. No write may be in flight. */
  goOn(): void {
    this.#counter?.goOn();
  }

  /** The candidate no longer believes that it leads. */
  end(): void {
    this.#counter?.end();
  }

  /** Settles when no write is in flight. */
  async rest(): Promise<void> {
    await this.#counter?.rest();
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }
}

function writeTo(session: Session, { znode, mode }: Counter): Write {
  switch (mode) {
    case "guarded":
      return async (token) => (await fence(token).write(session, znode, DATA)).version;
    case "unguarded":
      return async (token) => {
        const stat = await session.set(znode, String(token), ANY_VERSION);
        if (stat === undefined) throw new Error(`there is no ${znode}`);
        return stat.version;
      };
    default:
      return mode satisfies never;
  }
}

/** A contender's own znode: whether it is there, the watch on it, and its content. */
import type { Session, Stat, WatchEvent } from "../zookeeper/session.ts";
import { type ContenderData, decode, encode } from "./contender-data.ts";
import { KeptWatch } from "./kept-watch.ts";

export class OwnZnode {
  readonly #session: Session;
  readonly #path: string;
  /**
   * The intended content. Each write contains all of it, and a session's writes are carried out in the order in
   * which they were sent: so new data cannot lose the announcement, nor an announcement the data, whichever
   * reply is lost.
   */
  #content: ContenderData;
  readonly #watch = new KeptWatch();

  constructor(session: Session, path: string, content: ContenderData) {
    this.#session = session;
    this.#path = path;
    this.#content = content;
  }

  /** Whether a delete by somebody else would be noticed. */
  get watched(): boolean {
    return this.#watch.armed;
  }

  /** Returns `undefined` if the znode is missing. */
  check(): Promise<Stat | undefined> {
    return this.#session.exists(this.#path);
  }

  /**
   * Sets the watch, if it is not set.
   * @returns the token announced there; `"missing"` if there is no such znode
   */
  async watch(listener: (event: WatchEvent) => void): Promise<number | undefined | "missing"> {
    const found = await this.#watch.set(this.#path, listener, (watch) =>
      this.#session.get(this.#path, watch),
    );
    return found?.stat.createdInThisSession ? decode(found.data).announced : "missing";
  }

  /** @returns whether the znode is there to write into */
  announce(token: number): Promise<boolean> {
    this.#content = { ...this.#content, announced: token };
    return this.#write();
  }

  /** @returns whether the znode is there to write into */
  proclaim(data: string): Promise<boolean> {
    this.#content = { ...this.#content, data };
    return this.#write();
  }

  async #write(): Promise<boolean> {
    return (await this.#session.set(this.#path, encode(this.#content), -1)) !== undefined;
  }

  unwatch(): void {
    this.#watch.cancel();
  }
}

/** The own contender's znode: whether it is there, the watch on it, and the announcement that stands in it. */
import type { Session, Stat, WatchEvent } from "../zookeeper/session.ts";
import { decode, encode } from "./contender-data.ts";
import { KeptWatch } from "./kept-watch.ts";

export class OwnZnode {
  readonly #session: Session;
  readonly #path: string;
  readonly #data: string;
  readonly #watch = new KeptWatch();

  constructor(session: Session, path: string, data: string) {
    this.#session = session;
    this.#path = path;
    this.#data = data;
  }

  /** Whether somebody else's delete would be told. */
  get watched(): boolean {
    return this.#watch.armed;
  }

  /** `undefined` where it is missing. */
  check(): Promise<Stat | undefined> {
    return this.#session.exists(this.#path);
  }

  /**
   * Sets the watch, if it is not set.
   * @returns the token that stands announced there; `"missing"` where there is no such znode
   */
  async watch(listener: (event: WatchEvent) => void): Promise<number | undefined | "missing"> {
    const found = await this.#watch.set(this.#path, listener, (watch) =>
      this.#session.get(this.#path, watch),
    );
    return found === undefined ? "missing" : decode(found.data).announced;
  }

  /** Whether it is there to write into. */
  async announce(token: number): Promise<boolean> {
    const content = encode({ data: this.#data, announced: token });
    return (await this.#session.set(this.#path, content, -1)) !== undefined;
  }

  unwatch(): void {
    this.#watch.cancel();
  }
}

/**
 * One watch at a time on one znode, and never the same twice. The native client keeps every watcher that it has
 * been given, and sets all that are armed again by itself whenever it reconnects: whoever set a new one at each
 * reconnect would pile them up (CURATOR-478).
 */
import { Watch, type WatchEvent } from "../zookeeper/session.ts";

interface Kept {
  readonly znode: string;
  readonly watch: Watch;
  state: "asked for" | "not set";
}

export class KeptWatch {
  #kept: Kept | undefined;

  /** Whether it will call its listener. */
  get armed(): boolean {
    return this.#kept?.watch.armed ?? false;
  }

  /**
   * Asks with a watch, or without one where that znode's is armed already; `undefined` is the answer of a
   * missing znode, which leaves no watch.
   */
  async set<T>(
    znode: string,
    listener: (event: WatchEvent) => void,
    ask: (watch?: Watch) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const before = this.#kept;
    if (before?.znode === znode && before.watch.armed) {
      const answer = await ask();
      // The question that was to set it may have failed since.
      const missed = answer !== undefined && before.state === "not set" && this.#kept === before;
      return missed ? this.set(znode, listener, ask) : answer;
    }
    this.cancel();
    const watch = new Watch(listener);
    const kept: Kept = { znode, watch, state: "asked for" };
    this.#kept = kept;
    let answer: T | undefined;
    try {
      answer = await ask(watch);
    } finally {
      if (answer === undefined) {
        watch.cancel();
        kept.state = "not set";
      }
    }
    return answer;
  }

  /** Its listener is not called any more; the server forgets it when it fires, or with the session. */
  cancel(): void {
    this.#kept?.watch.cancel();
    this.#kept = undefined;
  }
}

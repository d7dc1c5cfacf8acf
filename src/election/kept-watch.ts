/**
 * One watch at a time on one znode, and never the same twice. The native client keeps every watcher that it has been
 * given, and sets all that are armed again by itself whenever it reconnects: whoever set a new one at each reconnect
 * would pile them up (CURATOR-478).
 */
import { Watch, type WatchEvent } from "../zookeeper/session.ts";

export class KeptWatch {
  #kept: { readonly znode: string; readonly watch: Watch } | undefined;

  /** Whether it will call its listener. */
  get armed(): boolean {
    return this.#kept?.watch.armed ?? false;
  }

  /**
   * Asks with a watch, or without one where that znode's is armed already; `undefined` is the answer of a missing znode,
   * which leaves no watch.
   */
  async set<T>(
    znode: string,
    listener: (event: WatchEvent) => void,
    ask: (watch?: Watch) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    if (this.#kept?.znode === znode && this.#kept.watch.armed) return ask();
    this.cancel();
    const watch = new Watch(listener);
    this.#kept = { znode, watch };
    let answer: T | undefined;
    try {
      answer = await ask(watch);
    } finally {
      // It was never set.
      if (answer === undefined) watch.cancel();
    }
    return answer;
  }

  /** Its listener is not called any more; the server forgets it when it fires, or with the session. */
  cancel(): void {
    this.#kept?.watch.cancel();
    this.#kept = undefined;
  }
}

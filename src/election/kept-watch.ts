/**
 * Keeps one watch at a time on one znode, and never sets the same one twice. The native client keeps every
 * watcher that it was given, and sets all armed ones again whenever it reconnects: setting a new one at each
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

  /** Whether the watch will call its listener. */
  get armed(): boolean {
    return this.#kept?.watch.armed ?? false;
  }

  /**
   * Requests with a watch, or without one if that znode's watch is already armed; the answer for a missing
   * znode is `undefined`, and leaves no watch.
   */
  async set<T>(
    znode: string,
    listener: (event: WatchEvent) => void,
    ask: (watch?: Watch) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const before = this.#kept;
    if (before?.znode === znode && before.watch.armed) {
      const answer = await ask();
      // The request that was to set the watch may have failed since.
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

  /** Its listener is no longer called; the server forgets the watch when it fires, or with the session. */
  cancel(): void {
    this.#kept?.watch.cancel();
    this.#kept = undefined;
  }
}

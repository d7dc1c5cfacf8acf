/**
 * Counts the bytes of the paths that a session watches: after a reconnect the client sets all watches again in
 * one request (zookeeper.c, `send_set_watches`). If that is larger than the servers accept, they hang up on it,
 * again and again.
 *
 * A cancelled watch is still set again, until it fires.
 */
import { RequestTooLarge } from "./errors.ts";
import { setWatchesBytes, textBytes } from "./request-size.ts";

/** The client keeps a list for each kind: a path may be in both. */
export type WatchKind = "data" | "children";

interface Watched {
  readonly bytes: number;
  /** Calls in flight that will set it. */
  pending: number;
  set: boolean;
}

export class WatchedPaths {
  readonly #chroot: string;
  readonly #most: number;
  readonly #paths: Record<WatchKind, Map<string, Watched>> = { data: new Map(), children: new Map() };
  #bytes = 0;

  /** @param most the maximum size of a request, in bytes */
  constructor(chroot: string, most: number) {
    this.#chroot = chroot;
    this.#most = most;
  }

  /**
   * A call is about to set such a watch.
   * @throws {RequestTooLarge} when there are too many already
   */
  hold(kind: WatchKind, path: string): void {
    const watched = this.#paths[kind].get(path) ?? this.#added(kind, path);
    watched.pending++;
  }

  /** @param set whether the call has set it */
  answered(kind: WatchKind, path: string, set: boolean): void {
    this.#change(kind, path, (watched) => {
      watched.pending--;
      watched.set ||= set;
    });
  }

  fired(kind: WatchKind, path: string): void {
    this.#change(kind, path, (watched) => {
      watched.set = false;
    });
  }

  #added(kind: WatchKind, path: string): Watched {
    const bytes = textBytes(`${this.#chroot}${path}`);
    const total = setWatchesBytes(this.#bytes + bytes);
    if (total > this.#most)
      throw new RequestTooLarge(
        0,
        `this session watches too many paths: to set all watches again after a reconnect takes ${total} bytes in one ` +
          `request, but the servers accept ${this.#most} (jute.maxbuffer); open another session for more`,
        { path },
      );
    const watched = { bytes, pending: 0, set: false };
    this.#paths[kind].set(path, watched);
    this.#bytes += bytes;
    return watched;
  }

  #change(kind: WatchKind, path: string, change: (watched: Watched) => void): void {
    const watched = this.#paths[kind].get(path);
    if (watched === undefined) return;
    change(watched);
    if (watched.set || watched.pending > 0) return;
    this.#paths[kind].delete(path);
    this.#bytes -= watched.bytes;
  }
}

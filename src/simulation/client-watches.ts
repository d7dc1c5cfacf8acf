/**
 * The watches that a client holds: those whose read was answered, until they fire. As in the native client,
 * cancelled ones stay, and are set again with the others after a reconnection.
 */
import type { Watch, WatchEvent } from "../zookeeper/session.ts";
import type { Operation, Request } from "./message.ts";

export class ClientWatches {
  readonly #data = new Map<string, Watch[]>();
  readonly #children = new Map<string, Watch[]>();

  add(operation: Operation, path: string, watch: Watch): void {
    const watches = operation === "children" ? this.#children : this.#data;
    const others = watches.get(path);
    if (others === undefined) watches.set(path, [watch]);
    else others.push(watch);
  }

  fire(event: WatchEvent, path: string): void {
    const woken: Watch[] = [];
    if (event !== "children") takeFrom(this.#data, path, woken);
    if (event === "children" || event === "deleted") takeFrom(this.#children, path, woken);
    for (const watch of woken) watch.fire(event);
  }

  /** The paths with a watch of a kind. */
  paths(kind: "data" | "children"): IterableIterator<string> {
    return (kind === "data" ? this.#data : this.#children).keys();
  }

  /** The number of watches; several on one path count separately. */
  get count(): number {
    let count = 0;
    for (const watches of this.#data.values()) count += watches.length;
    for (const watches of this.#children.values()) count += watches.length;
    return count;
  }

  toSetAgain(seen: number): Request | undefined {
    if (this.#data.size + this.#children.size === 0) return undefined;
    const [data, children] = [[...this.#data.keys()], [...this.#children.keys()]];
    return { operation: "set-watches", zxid: seen, data, children };
  }
}

function takeFrom(watches: Map<string, Watch[]>, path: string, woken: Watch[]): void {
  const taken = watches.get(path);
  if (taken === undefined) return;
  watches.delete(path);
  woken.push(...taken);
}

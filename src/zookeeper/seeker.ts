/**
 * Steers a session that has lost its connection to the next one: it finds the current addresses of its servers,
 * leaves out silent ones, and repeats this until there is a connection.
 */
import { setTimeout as delay } from "node:timers/promises";
import { type Address, hostAndPort } from "./connect-string.ts";
import { nativeList } from "./native-list.ts";
import type { Route, Servers } from "./servers.ts";

/** The pause between two looks; names may move at any time, as in Kubernetes. */
const PAUSE_MS = 1000;

export class Seeker {
  readonly #servers: Servers;
  readonly #tell: (list: string) => void;
  /** The route that the client was given, and which list: all servers, or those that answer. */
  #route: Route;
  #told: { readonly whom: "all" | "answering"; readonly list: string };
  #over = new AbortController();

  /**
   * @param list the list that the client has, with all servers of the route
   * @param tell gives the client another list
   */
  constructor(
    servers: Servers,
    { route, list }: { readonly route: Route; readonly list: string },
    tell: (list: string) => void,
  ) {
    this.#servers = servers;
    this.#route = route;
    this.#told = { whom: "all", list };
    this.#tell = tell;
  }

  /** The connection has just been lost, and the client has not turned to another server yet. */
  start(): void {
    if (!this.#servers.varies) return;
    if (this.#told.whom === "answering") this.#direct("all");
    this.#over = new AbortController();
    void this.#seek(this.#over.signal);
  }

  stop(): void {
    this.#over.abort();
  }

  async #seek(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const route = await this.#servers.route();
      if (over.aborted) return;
      if (route.all.length > 0) this.#follow(route);
      await delay(PAUSE_MS, undefined, { signal: over, ref: false }).catch(() => undefined);
    }
  }

  #follow(route: Route): void {
    const whom = isChoice(route) ? "answering" : "all";
    const before = this.#route;
    this.#route = route;
    if (whom !== this.#told.whom || !areSame(route[whom], before[whom])) this.#direct(whom);
  }

  #direct(whom: "all" | "answering"): void {
    const addresses = this.#route[whom];
    const list = nativeList(
      addresses,
      whom === "all" ? this.#route.entries : addresses.length,
      this.#told.list,
    );
    this.#told = { whom, list };
    this.#tell(list);
  }
}

/** If nobody accepts, all are worth a try. */
function isChoice({ all, accepting, answering }: Route): boolean {
  return accepting.length > 0 && answering.length < all.length;
}

/** Compares them in any order. */
function areSame(some: readonly Address[], others: readonly Address[]): boolean {
  const names = new Set(others.map(hostAndPort));
  return some.length === names.size && some.every((address) => names.has(hostAndPort(address)));
}

/**
 * The servers of a connect string: their current addresses, and the order in which to try them.
 *
 * The native client only ever gets numeric addresses, in an order decided here: those that have just accepted a
 * connection come first.
 */
import { isIP } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type Address, hostAndPort } from "./connect-string.ts";
import type { Lookup } from "./lookup.ts";
import { type Finding, probe, WITHIN_MS } from "./probe.ts";

/** Servers in the order in which to try them. */
export interface Route {
  /** All that can be reached at all. */
  readonly all: readonly Address[];
  /** The first choice: they have accepted a connection just now, or there is no other to choose. */
  readonly accepting: readonly Address[];
  /** These, followed by those that have refused: they cost no time. */
  readonly answering: readonly Address[];
  /** The number of entries in the connect string, including duplicates. */
  readonly entries: number;
}

/** How to find the servers of a list. */
export interface Search {
  readonly lookup: Lookup;
  /** The order in which to try those that accept; `random` spreads clients over them. */
  readonly order: "given" | "random";
}

const ORDER = ["accepts", "refuses", "silent"] as const satisfies readonly Finding[];

export class Servers {
  readonly #servers: readonly Address[];
  readonly #search: Search;
  /** The addresses of each host, as last resolved. */
  readonly #numbers = new Map<string, readonly string[]>();

  constructor(servers: readonly Address[], search: Search) {
    this.#servers = servers;
    this.#search = search;
    for (const { host } of servers) if (isIP(host) !== 0) this.#numbers.set(host, [host]);
  }

  /** Whether the route may ever change: there are names, or several addresses. */
  get varies(): boolean {
    return this.#names.length > 0 || distinct(this.#addresses).length > 1;
  }

  /** Whether any address is known. */
  get located(): boolean {
    return this.#addresses.length > 0;
  }

  /** The names that have never resolved. */
  get unresolved(): readonly string[] {
    return this.#names.filter((name) => !this.#numbers.has(name));
  }

  /**
   * Asks the DNS, and the servers. Settles soon, even if some are silent: later answers count the next time.
   */
  async route(): Promise<Route> {
    await this.#resolve();
    const addresses = distinct(this.#addresses);
    const known = this.#search.order === "given" ? addresses : shuffled(addresses);
    const entries = this.#addresses.length;
    if (known.length < 2) return { all: known, accepting: known, answering: known, entries };
    const findings = await probe(known);
    const [accepting = [], refusing = [], silent = []] = ORDER.map((finding) =>
      known.filter((_, index) => findings[index] === finding),
    );
    const answering = [...accepting, ...refusing];
    const reachable = [...answering, ...silent];
    return { all: reachable.length > 0 ? reachable : known, accepting, answering, entries };
  }

  get #names(): readonly string[] {
    return [...new Set(this.#servers.map(({ host }) => host).filter((host) => isIP(host) === 0))];
  }

  get #addresses(): readonly Address[] {
    return this.#servers.flatMap(({ host, port }) =>
      (this.#numbers.get(host) ?? []).map((number) => ({ host: number, port })),
    );
  }

  async #resolve(): Promise<void> {
    const names = this.#names;
    if (names.length === 0) return;
    const asked = names.map(async (name) => {
      const numbers = await this.#search.lookup(name);
      if (numbers.length > 0) this.#numbers.set(name, numbers);
    });
    const over = new AbortController();
    const patience = delay(WITHIN_MS, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([Promise.allSettled(asked), patience]);
    over.abort();
  }
}

function distinct(addresses: readonly Address[]): Address[] {
  return [...new Map(addresses.map((address) => [hostAndPort(address), address])).values()];
}

function shuffled<T>(items: readonly T[]): T[] {
  const drawn = items.map((item) => ({ item, at: Math.random() }));
  return drawn.sort((a, b) => a.at - b.at).map(({ item }) => item);
}

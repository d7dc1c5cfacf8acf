/**
 * Lists of servers, as the native client takes them and goes through them (zookeeper.c, `update_addrs`, `handle_error`).
 * - It wants numbers, and an IPv6 number without brackets.
 * - From its second round on it skips every other entry: of an even number it would never try half of them again.
 * - It ignores a new list that has as many entries and no other numbers, whatever their ports and their order.
 * - When the new list is longer, it may give up the attempt that it is making, even to a server of both lists; when it is
 *   shorter, it gives that up only for a server that is no longer listed.
 * So each list has an odd number of entries, and one of some servers is shorter by two than one of all.
 */
import type { Address } from "./connect-string.ts";
import type { Route } from "./servers.ts";

export function listOfAll({ all, entries }: Route): string {
  return listOf(all, longest(entries));
}

export function listOfAccepting({ accepting, entries }: Route): string {
  return listOf(accepting, longest(entries) - 2);
}

/** Odd, and greater than the number. */
function longest(count: number): number {
  return count % 2 === 0 ? count + 1 : count + 2;
}

/** The addresses over and over, in their order. */
function listOf(addresses: readonly Address[], count: number): string {
  const names = addresses.map(({ host, port }) => `${host}:${port}`);
  return Array.from({ length: count }, (_, index) => names[index % names.length]).join(",");
}

/**
 * Lists of servers in the form that suits the native client's way through them (zookeeper.c, `update_addrs`,
 * `handle_error`):
 * - It wants numeric addresses, IPv6 without brackets.
 * - From its second round on it skips every other entry: with an even number it would never try half of them
 *   again.
 * - It ignores a new list with as many entries and the same addresses, whatever their ports and order.
 * - It reads the list again at each of its events, so a longer list than needed costs time.
 */
import type { Address } from "./connect-string.ts";

/**
 * The addresses in their order, repeated until there are enough.
 * @param count the minimum number
 * @param before the list that the client has, which this one replaces
 */
export function nativeList(addresses: readonly Address[], count: number, before?: string): string {
  const names = addresses.map(({ host, port }) => `${host}:${port}`);
  let entries = count % 2 === 0 ? count + 1 : count;
  if (before?.split(",").length === entries) entries += 2;
  return Array.from({ length: entries }, (_, index) => names[index % names.length]).join(",");
}

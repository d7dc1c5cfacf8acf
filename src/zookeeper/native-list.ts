/**
 * Lists of servers, as the native client takes them and goes through them
 * (zookeeper.c, `update_addrs`, `handle_error`).
 * - It wants numbers, and an IPv6 number without brackets.
 * - From its second round on it skips every other entry: of an even number it
 *   would never try half of them again.
 * - It ignores a new list that has as many entries and no other numbers, whatever their ports and their order.
 * - It reads the list anew at each of its events: longer than needed costs time.
 */
import type { Address } from "./connect-string.ts";

/**
 * The addresses in their order, from the first again until there are enough.
 * @param count how many there are at least
 * @param before the list that the client has, which this one replaces
 */
export function nativeList(addresses: readonly Address[], count: number, before?: string): string {
  const names = addresses.map(({ host, port }) => `${host}:${port}`);
  let entries = count % 2 === 0 ? count + 1 : count;
  if (before?.split(",").length === entries) entries += 2;
  return Array.from({ length: entries }, (_, index) => names[index % names.length]).join(",");
}

/**
 * Many clients, each with an order of the same servers of its own, so that all servers have as many as the
 * others.
 */

/** @returns the servers in the client's order; whose first server has gone spread over the others as evenly */
export function spread<Server>(servers: readonly Server[], client: number): Server[] {
  const [first, ...others] = rotated(servers, client);
  return first === undefined ? [] : [first, ...rotated(others, Math.floor(client / servers.length))];
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const first = by % Math.max(1, items.length);
  return [...items.slice(first), ...items.slice(0, first)];
}

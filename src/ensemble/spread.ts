/** Gives each of many clients a different order of the same servers, so that all servers have equally many. */

/**
 * @returns the servers in the client's order; clients whose first server has gone spread evenly over the others
 */
export function spread<Server>(servers: readonly Server[], client: number): Server[] {
  const [first, ...others] = rotated(servers, client);
  return first === undefined ? [] : [first, ...rotated(others, Math.floor(client / servers.length))];
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const first = by % Math.max(1, items.length);
  return [...items.slice(first), ...items.slice(0, first)];
}

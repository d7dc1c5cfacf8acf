/** Gives each of many clients an order of the same servers, so that equally many try each of them first. */
import type { Spread } from "../history/own-servers.ts";

/** A server that leads the others or follows it. */
interface Placed {
  readonly leads: boolean;
}

/** The servers in the order in which one of many clients is to try them. */
export function spreadOver<Server extends Placed>(
  servers: readonly Server[],
  spread: Spread,
  client: number,
): Server[] {
  const leaders = servers.filter(({ leads }) => leads);
  const followers = servers.filter(({ leads }) => !leads);
  switch (spread) {
    case "even":
      return evenly(servers, client);
    case "leader":
      return [...leaders, ...evenly(followers, client)];
    case "followers":
      return [...evenly(followers, client), ...leaders];
    default:
      return spread satisfies never;
  }
}

/** Clients whose first server has gone are spread evenly over the others. */
function evenly<Server>(servers: readonly Server[], client: number): Server[] {
  const [first, ...others] = rotated(servers, client);
  return first === undefined ? [] : [first, ...rotated(others, Math.floor(client / servers.length))];
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const first = by % Math.max(1, items.length);
  return [...items.slice(first), ...items.slice(0, first)];
}

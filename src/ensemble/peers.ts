/** How our own servers reach each other: directly, or through relays. */
import getPort from "get-port";
import { type Link, type Network, serverLink } from "../network/network.ts";
import type { Address } from "../zookeeper/connect-string.ts";

/** The ports of a server for the others: for the transactions, and for elections. */
interface PeerPorts {
  readonly quorum: Address;
  readonly election: Address;
}

/**
 * @returns the part of a server's `zoo.cfg` that names all of them. Through relays, each server sees the others
 *   at addresses of its own, and itself where it listens.
 */
export async function peersOf(
  numbers: readonly number[],
  network: Network | undefined,
): Promise<(server: number) => Record<string, string>> {
  const ports = new Map<number, PeerPorts>();
  for (const number of numbers)
    ports.set(number, { quorum: await freeAddress(), election: await freeAddress() });
  const links = [...ports].flatMap(([from, own]) =>
    [...ports].flatMap(([to, { quorum, election }]): Link[] => {
      if (to === from) return [];
      const back = { link: serverLink(to, from), towards: own.election };
      return [
        {
          id: serverLink(from, to),
          targets: [quorum, election],
          carries: "bytes",
          isPersistent: true,
          calledBack: { target: election, by: back },
        },
      ];
    }),
  );
  await network?.add(links);
  const seenBy = (server: number, other: number, address: Address) =>
    network === undefined || server === other
      ? address
      : network.addressOf(serverLink(server, other), address);
  return (server) =>
    Object.fromEntries(
      [...ports].map(([other, { quorum, election }]) => {
        const [there, elections] = [seenBy(server, other, quorum), seenBy(server, other, election)];
        return [`server.${other}`, `${there.host}:${there.port}:${elections.port}`];
      }),
    );
}

async function freeAddress(): Promise<Address> {
  const host = "127.0.0.1";
  return { host, port: await getPort({ host }) };
}

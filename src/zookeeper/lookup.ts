/**
 * Names of hosts to numbers, beside the loop. The native client would resolve each name of its list anew at
 * each of its events, and the whole thread would stand still for as long as the DNS is silent.
 */
import { lookup } from "node:dns/promises";

/** The numbers of a host. @throws when the name does not resolve */
export type Lookup = (name: string) => Promise<readonly string[]>;

/** One that hangs occupies a thread of libuv's pool: nobody here asks for a name a second time meanwhile. */
const underWay = new Map<string, Promise<readonly string[]>>();

/** As the system resolves names (getaddrinfo): by its `hosts` file, its DNS, and whatever else it asks. */
export const systemLookup: Lookup = (name) => {
  const asked = underWay.get(name) ?? ask(name).finally(() => underWay.delete(name));
  underWay.set(name, asked);
  return asked;
};

async function ask(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}

/**
 * Resolves host names to addresses, off the loop. The native client would resolve each name of its list again
 * at each of its events, and the whole thread would block for as long as the DNS is silent.
 */
import { lookup } from "node:dns/promises";

/**
 * The addresses of a host.
 * @throws when the name does not resolve
 */
export type Lookup = (name: string) => Promise<readonly string[]>;

/**
 * A lookup that hangs occupies a thread of libuv's pool: nobody here asks for the same name again meanwhile.
 */
const underWay = new Map<string, Promise<readonly string[]>>();

/** Resolves as the system does (getaddrinfo): with its `hosts` file, its DNS, and its other sources. */
export const systemLookup: Lookup = (name) => {
  const asked = underWay.get(name) ?? ask(name).finally(() => underWay.delete(name));
  underWay.set(name, asked);
  return asked;
};

async function ask(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}

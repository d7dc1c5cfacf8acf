/** What a relay itself costs: the time that it adds to a round trip. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Address } from "./protocol.ts";

const ROUND_TRIPS = 200;
/** Code that has just been loaded is slow. */
const WARM_UP = 100;

/** A ZooKeeper packet of the length of a small request. */
const PACKET = Buffer.concat([Buffer.from([0, 0, 0, 40]), Buffer.alloc(40)]);

/** No candidate has this number. */
const LINK = "candidate--1";

/** The means to put a relay between. */
interface Links {
  add(links: readonly { readonly id: typeof LINK; readonly targets: readonly Address[] }[]): Promise<void>;
  addressOf(link: typeof LINK, target: Address): Address;
  remove(links: readonly (typeof LINK)[]): Promise<void>;
}

/**
 * @returns the difference of the medians, through a relay and without one, in milliseconds; 0 if it is lost in
 *   the noise
 */
export async function addedLatencyMs(network: Links): Promise<number> {
  const echo = createServer({ noDelay: true }, (socket) => socket.on("error", () => undefined).pipe(socket));
  await once(echo.listen(0, "127.0.0.1"), "listening");
  const target = { host: "127.0.0.1", port: (echo.address() as AddressInfo).port };
  await network.add([{ id: LINK, targets: [target] }]);
  const sockets = await Promise.all([target, network.addressOf(LINK, target)].map(dial));
  try {
    const [direct = 0, relayed = 0] = await medians(sockets);
    return Math.max(0, relayed - direct);
  } finally {
    for (const socket of sockets) socket.destroy();
    echo.close();
    await network.remove([LINK]);
  }
}

async function dial(address: Address): Promise<Socket> {
  const socket = connect({ ...address, noDelay: true });
  await once(socket, "connect");
  socket.on("error", () => undefined);
  return socket;
}

/** They take turns, so that a busy moment concerns all. */
async function medians(sockets: readonly Socket[]): Promise<number[]> {
  const times = sockets.map((): number[] => []);
  for (let round = 0; round < WARM_UP + ROUND_TRIPS; round++) {
    for (const [index, socket] of sockets.entries()) {
      const start = performance.now();
      socket.write(PACKET);
      await once(socket, "data");
      if (round >= WARM_UP) times[index]?.push(performance.now() - start);
    }
  }
  return times.map((some) => some.toSorted((a, b) => a - b)[ROUND_TRIPS / 2] ?? 0);
}

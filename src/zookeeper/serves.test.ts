import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import getPort from "get-port";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { monitor } from "../ensemble/four-letter-word.ts";
import { Venue } from "../testing/venue.ts";
import { oneServes } from "./serves.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("serves-test");
});
afterAll(() => venue[Symbol.asyncDispose]());

/** A port that does not speak ZooKeeper's protocol. */
async function other(onSocket: (socket: Socket) => void) {
  const server = createServer(onSocket).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, address: { host: "127.0.0.1", port: (server.address() as AddressInfo).port } };
}

test("a server that serves is found among others, and no session is left there", async () => {
  const mute = await other((socket) => socket.on("error", () => undefined));
  const { address } = venue;
  const sessions = async () => (await monitor(address))?.get("global_sessions");
  const before = await sessions();
  expect(await oneServes([mute.address, address])).toBe(true);
  await vi.waitFor(async () => expect(await sessions()).toBe(before));
  mute.server.close();
});

test("a server that is silent, hangs up, or is not there does not serve", async () => {
  const mute = await other((socket) => socket.on("error", () => undefined));
  const curt = await other((socket) => socket.end());
  const nobody = { host: "127.0.0.1", port: await getPort({ host: "127.0.0.1" }) };
  expect(await oneServes([mute.address, curt.address, nobody])).toBe(false);
  expect(await oneServes([])).toBe(false);
  for (const { server } of [mute, curt]) server.close();
});

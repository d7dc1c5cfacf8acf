import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { candidateLink, Network } from "./network.ts";
import type { Address } from "./protocol.ts";

const origin = process.hrtime.bigint();
const now = () => Number(process.hrtime.bigint() - origin);
const ms = (nanoseconds: number) => nanoseconds / 1e6;

let servers: Server[];
let targets: [Address, Address];
let network: Network;
let clients: Socket[];

beforeEach(async () => {
  const echoes = await Promise.all([echo(), echo()]);
  servers = echoes;
  targets = echoes.map((server) => ({ host: "127.0.0.1", port: (server.address() as AddressInfo).port })) as [
    Address,
    Address,
  ];
  clients = [];
  network = await Network.open({
    ...{ origin, seed: 1 },
    links: [0, 1].map((candidate) => ({ id: candidateLink(candidate), targets, carries: "bytes" as const })),
  });
});

afterEach(async () => {
  await network[Symbol.asyncDispose]();
  for (const client of clients) client.destroy();
  for (const server of servers) server.close();
});

async function echo(): Promise<Server> {
  const server = createServer((socket) => socket.on("error", () => undefined).pipe(socket));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

/** A client of a candidate's link, and what it has received. */
async function dial(candidate: number, target = targets[0]) {
  const socket = connect({ ...network.addressOf(candidateLink(candidate), target), noDelay: true });
  clients.push(socket);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  const client = { socket, received: "" };
  socket.on("data", (bytes) => {
    client.received += bytes;
  });
  return client;
}

type Client = Awaited<ReturnType<typeof dial>>;

/** The time of a round trip, in milliseconds. */
async function roundTrip(client: Client): Promise<number> {
  const start = performance.now();
  const before = client.received.length;
  client.socket.write("x");
  while (client.received.length === before) await once(client.socket, "data");
  return performance.now() - start;
}

test("each candidate has its own address for each server, in its order", async () => {
  const [one, other] = [network.connectFor(0).split(","), network.connectFor(1).split(",")];
  expect(new Set([...one, ...other]).size).toBe(4);
  expect(one).toEqual(targets.map((target) => network.addressOf(candidateLink(0), target)).map(hostAndPort));
});

test("latency takes its time both ways, on one candidate's link only", async () => {
  const [slow, quick] = [await dial(0), await dial(1)];
  await Promise.all([roundTrip(slow), roundTrip(quick)]);
  const rule = await network.apply([{ link: candidateLink(0) }], { type: "latency", ms: 500 });
  expect(await roundTrip(slow)).toBeGreaterThanOrEqual(1000);
  expect(await roundTrip(quick)).toBeLessThan(1000);
  await rule.end();
  expect(await roundTrip(slow)).toBeLessThan(1000);
});

test("a rule can concern one direction, and the path to one server", async () => {
  const [there, elsewhere] = [await dial(0, targets[0]), await dial(0, targets[1])];
  await Promise.all([roundTrip(there), roundTrip(elsewhere)]);
  const path = { link: candidateLink(0), towards: targets[0] };
  const rule = await network.apply([path], { type: "latency", ms: 100 }, { direction: "to-client" });
  expect(await roundTrip(elsewhere)).toBeLessThan(100);
  const time = await roundTrip(there);
  expect(time).toBeGreaterThanOrEqual(100);
  expect(time).toBeLessThan(200);
  await rule.end();
});

test("a cut ends by itself, in its thread, however busy this one is; the times are on this clock", async () => {
  const client = await dial(0);
  await roundTrip(client);
  const before = now();
  const cut = await network.cut([0], { forMs: 100 });
  expect(cut.since).toBeGreaterThan(before);
  expect(cut.since).toBeLessThan(now());
  client.socket.write("late");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
  const lasted = ms((await cut.ended) - cut.since);
  expect(lasted).toBeGreaterThanOrEqual(99);
  expect(lasted).toBeLessThan(300);
  await vi.waitFor(() => expect(client.received).toBe("xlate"));
});

test("a rule can begin later", async () => {
  const before = now();
  const cut = await network.cut([0, 1], { afterMs: 50 });
  expect(ms(cut.since - before)).toBeGreaterThanOrEqual(49);
  await cut.end();
});

test("all rules can be ended at once; what waits for a moment that does not come is told", async () => {
  const client = await dial(0);
  await roundTrip(client);
  const link = [{ link: candidateLink(0) }];
  const stall = await network.apply(link, { type: "stall" });
  const frame = await network.apply(link, { type: "on-frame", act: "reset" });
  client.socket.write("y");
  await network.healAll();
  await vi.waitFor(() => expect(client.received).toBe("xy"));
  await stall.ended;
  await expect(frame.reached).rejects.toThrow("ended before");
});

test("connections are reset on both sides, and others go on", async () => {
  const [one, other] = [await dial(0), await dial(1)];
  await Promise.all([roundTrip(one), roundTrip(other)]);
  const closed = closing(one.socket);
  await network.reset([{ link: candidateLink(0) }]);
  await closed;
  await roundTrip(other);
});

test("a link that is removed is gone, and so is its address", async () => {
  const client = await dial(0);
  await roundTrip(client);
  const address = network.addressOf(candidateLink(0), targets[0]);
  const closed = closing(client.socket);
  await network.remove([candidateLink(0)]);
  await closed;
  expect(() => network.connectFor(0)).toThrow("no link candidate-0");
  await expect(once(connect(address), "connect")).rejects.toThrow("ECONNREFUSED");
});

test("a thread that fails says so, to everybody who waits and who comes later", async () => {
  const client = await dial(0);
  const closed = closing(client.socket);
  await network.add([{ id: candidateLink(2), targets: [{ host: "127.0.0.1", port: -1 }] }]);
  const dead = connect(network.addressOf(candidateLink(2), { host: "127.0.0.1", port: -1 }));
  dead.on("error", () => undefined).write(Buffer.from([0, 0, 0, 1, 1]));
  if (!network.failure.aborted) await once(network.failure, "abort");
  expect(String(network.failure.reason)).toContain("the network failed");
  await closed;
  await expect(network.healAll()).rejects.toThrow("the network failed");
});

function hostAndPort({ host, port }: Address): string {
  return `${host}:${port}`;
}

/** Also after a reset, which `once` would take for a failure. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

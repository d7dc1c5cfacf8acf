import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import getPort from "get-port";
import { afterEach, expect, test } from "vitest";
import { mutePort } from "../testing/silent-port.ts";
import type { Address } from "../zookeeper/connect-string.ts";
import { Monitors } from "./monitors.ts";

const standIns: Server[] = [];

afterEach(() => {
  for (const server of standIns.splice(0)) server.close();
});

/** Answers the n-th question, from 0, and counts them. */
async function standIn(answer: (question: number) => string): Promise<Address & { asked: number }> {
  const address = { host: "127.0.0.1", port: 0, asked: 0 };
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(answer(address.asked++)));
  });
  standIns.push(server);
  await once(server.listen(0, address.host), "listening");
  address.port = (server.address() as AddressInfo).port;
  return address;
}

const WHITELIST = "mntr is not executed because it is not in the whitelist.\n";
const startedAt = performance.now() - 60_000;
const told = (laterMs = 0) =>
  `zk_server_state\tstandalone\nzk_packets_received\t7\nzk_uptime\t${Math.round(performance.now() - startedAt - laterMs)}\n`;

test("a server that is silent costs one look its time, and later ones nothing", async () => {
  const one = await standIn(() => told());
  await using mute = await mutePort();
  const monitors = new Monitors([one, mute]);
  const look = async (withinMs: number) => {
    const start = performance.now();
    expect(await monitors.look(withinMs)).toBeNull();
    return performance.now() - start;
  };
  expect(await look(50)).toBeLessThan(5000);
  const asked = one.asked;
  expect(await look(10_000)).toBeLessThan(5000);
  expect(one.asked).toBe(asked);
  await monitors.callLate();
  expect(monitors.allTell).toBe(false);
  expect(monitors.troubles()).toEqual([
    { type: "silent", server: 2, address: `127.0.0.1:${mute.port}`, reason: "ETIMEDOUT" },
  ]);
  expect(monitors.byAnswer).toEqual(
    [one, mute].map(({ host, port }) => expect.objectContaining({ host, port })),
  );
});

test("those that answer come first", async () => {
  const gone = { host: "127.0.0.1", port: await getPort({ host: "127.0.0.1" }) };
  const one = await standIn(() => WHITELIST);
  const monitors = new Monitors([gone, one]);
  await monitors.call();
  expect(monitors.byAnswer.map(({ port }) => port)).toEqual([one.port, gone.port]);
  expect(monitors.troubles()).toMatchObject([
    { type: "silent", server: 1, reason: "ECONNREFUSED" },
    { type: "forbids", server: 2 },
  ]);
});

test("one that was only late is heard again", async () => {
  let slow = true;
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => slow || socket.end(told()));
  });
  standIns.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const monitors = new Monitors([{ host: "127.0.0.1", port: (server.address() as AddressInfo).port }]);
  expect(await monitors.look(30)).toBeNull();
  expect(monitors.troubles()).toHaveLength(1);
  slow = false;
  await monitors.callLate();
  expect(await monitors.look(500)).toHaveLength(1);
  expect(monitors.troubles()).toEqual([]);
});

test("one that does not permit the word is not asked again, and is reported", async () => {
  const one = await standIn(() => WHITELIST);
  const monitors = new Monitors([one]);
  expect(await monitors.look(500)).toBeNull();
  expect(await monitors.look(500)).toBeNull();
  expect(one.asked).toBe(1);
  expect(monitors.troubles()).toEqual([{ type: "forbids", server: 1, address: `127.0.0.1:${one.port}` }]);
});

test("one that hangs up is not reported as forbidding the word", async () => {
  const monitors = new Monitors([await standIn(() => "")]);
  await monitors.call();
  expect(monitors.troubles()).toMatchObject([{ type: "silent", reason: "it hangs up" }]);
});

test("another server behind the same address is a change; two of them are several, from then on", async () => {
  // Two servers that started 5 s apart answer in turns.
  const one = await standIn((question) => told(question % 2 === 0 ? 0 : 5000));
  const monitors = new Monitors([one]);
  expect(await monitors.look(500)).toHaveLength(1);
  expect(monitors.troubles()).toEqual([]);
  expect(await monitors.look(500)).toHaveLength(1);
  const address = `127.0.0.1:${one.port}`;
  expect(monitors.troubles()).toEqual([{ type: "changed", server: 1, address }]);
  expect(monitors.troubles()).toEqual([]);
  expect(await monitors.look(500)).toBeNull();
  expect(monitors.troubles()).toEqual([{ type: "several", server: 1, address }]);
  await monitors.call();
  expect(monitors.allTell).toBe(false);
});

/** An idle server: it counts only the questions that it is asked. */
const atRest = (laterMs = () => 0) =>
  standIn((question) => told(laterMs()).replace("received\t7", `received\t${8 + question}`));

test("a server with several addresses is looked at once, and its troubles are reported once", async () => {
  let restartedAfterMs = 0;
  const one = await atRest();
  const other = await atRest(() => restartedAfterMs);
  const monitors = new Monitors([one, other, { ...one, host: "localhost" }, { ...other, host: "localhost" }]);
  await monitors.call();
  const asked = [one.asked, other.asked];
  expect(await monitors.look(500)).toHaveLength(2);
  expect([one.asked, other.asked].map((now, index) => now - (asked[index] ?? 0))).toEqual([1, 1]);
  expect(monitors.troubles()).toEqual([]);
  restartedAfterMs = 5000;
  await monitors.call();
  expect(monitors.troubles()).toMatchObject([{ type: "changed", server: 2 }]);
});

test("two servers with identical reports are still two", async () => {
  const twins = [await atRest(), await atRest()];
  const monitors = new Monitors(twins);
  await monitors.call();
  expect(await monitors.look(500)).toHaveLength(2);
});

test("whether two addresses are one server's is found out later if the thread was too busy", async () => {
  const one = await atRest();
  const monitors = new Monitors([one, { ...one, host: "localhost" }]);
  const called = monitors.call();
  block(700);
  await called;
  await monitors.callLate();
  expect(await monitors.look(500)).toHaveLength(1);
});

/** Blocks the thread, which hears nothing meanwhile, like a stopped process. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test("a caller whose own thread is busy does not take a server for silent", async () => {
  const one = await standIn(() => told());
  const monitors = new Monitors([one]);
  const called = monitors.call();
  block(700);
  await called;
  expect(monitors.troubles()).toEqual([]);
  expect(monitors.allTell).toBe(true);
});

test("a look that its own thread was too busy for has no counts, and the next one has", async () => {
  const one = await standIn(() => told());
  const monitors = new Monitors([one]);
  const look = monitors.look(100);
  block(300);
  expect(await look).toBeNull();
  expect(monitors.troubles()).toEqual([]);
  expect(await monitors.look(500)).toHaveLength(1);
});

test("a server that takes part in an election of the servers does not serve, and is asked again", async () => {
  let serves = false;
  const one = await standIn(() =>
    serves ? told() : "This ZooKeeper instance is not currently serving requests\n",
  );
  const monitors = new Monitors([one]);
  await monitors.call();
  expect(await monitors.look(500)).toBeNull();
  expect(monitors.troubles()).toMatchObject([{ type: "silent", reason: "it is not serving" }]);
  serves = true;
  await monitors.call();
  expect(await monitors.look(500)).toHaveLength(1);
  expect(monitors.troubles()).toEqual([]);
});

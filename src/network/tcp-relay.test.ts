import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ActiveRule, type Direction, type Rule } from "./rule.ts";
import { TcpRelay } from "./tcp-relay.ts";

let server: Server;
let relay: TcpRelay;
let accepted: Socket[];
let received: string;
/** The same of each connection, as it came. */
let pieces: Map<Socket, Buffer[]>;

beforeEach(async () => {
  accepted = [];
  received = "";
  pieces = new Map();
  server = createServer((socket) => {
    accepted.push(socket);
    socket.on("error", () => undefined);
    const own: Buffer[] = [];
    pieces.set(socket, own);
    socket.on("data", (bytes) => {
      own.push(bytes);
      received += bytes.toString("latin1");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  relay = await TcpRelay.start({ target: { host: "127.0.0.1", port }, carries: "bytes" });
});

afterEach(async () => {
  await relay[Symbol.asyncDispose]();
  for (const socket of accepted) socket.destroy();
  server.close();
});

async function dial(): Promise<Socket> {
  const client = connect(relay.address);
  client.on("error", () => undefined);
  await once(client, "connect");
  return client;
}

test("data of one side reaches the other, and so does its end", async () => {
  const client = await dial();
  client.write("question");
  await vi.waitFor(() => expect(received).toBe("question"));
  accepted[0]?.end("answer");
  expect(String((await once(client, "data"))[0])).toBe("answer");
  client.end();
  await vi.waitFor(() => expect(relay.connections).toBe(0));
});

test("a connection that is dropped as it ends is closed on both sides", async () => {
  const client = await dial();
  client.write("a");
  await vi.waitFor(() => expect(received).toBe("a"));
  const [there] = accepted;
  if (there === undefined) throw new Error("the server has a connection");
  there.allowHalfOpen = true;
  relay.pause("to-server");
  const ended = once(client, "finish");
  client.end();
  await ended;
  await new Promise((resolve) => setTimeout(resolve, 50));
  relay.resume("to-server");
  relay.dropConnections();
  // A side that nobody holds any more refuses what it is sent.
  await vi.waitFor(() => {
    there.write("b");
    expect(there.destroyed).toBe(true);
  }, 2000);
});

test("while it is cut nothing arrives and nobody is told; when it heals, sent data arrives", async () => {
  const client = await dial();
  client.write("a");
  await vi.waitFor(() => expect(received).toBe("a"));
  relay.cut();
  client.write("b");
  const late = await dial();
  late.write("c");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(received).toBe("a");
  expect(accepted).toHaveLength(1);
  relay.heal();
  await vi.waitFor(() => expect(received).toHaveLength(3));
  client.destroy();
  late.destroy();
});

test("a dropped connection is reset on both sides", async () => {
  const client = await dial();
  client.write("a");
  await vi.waitFor(() => expect(received).toBe("a"));
  relay.dropConnections();
  await vi.waitFor(() => expect(client.destroyed).toBe(true));
  await vi.waitFor(() => expect(accepted[0]?.destroyed).toBe(true));
});

test("one direction can stand still while the other flows", async () => {
  const client = await dial();
  client.write("a");
  await vi.waitFor(() => expect(received).toBe("a"));
  let answers = "";
  client.on("data", (bytes) => {
    answers += bytes;
  });
  relay.pause("to-client");
  accepted[0]?.write("late");
  client.write("b");
  await vi.waitFor(() => expect(received).toBe("ab"));
  expect(answers).toBe("");
  relay.resume("to-client");
  await vi.waitFor(() => expect(answers).toBe("late"));
  client.destroy();
});

test("when both sides have ended while it was cut, each hears of the other's end", async () => {
  const client = await dial();
  client.write("a");
  await vi.waitFor(() => expect(received).toBe("a"));
  relay.cut();
  client.end();
  accepted[0]?.end();
  await new Promise((resolve) => setTimeout(resolve, 50));
  relay.heal();
  await once(client.resume(), "close");
  expect(relay.connections).toBe(0);
});

test("a client that came and left while it was cut is let go", async () => {
  relay.cut();
  const client = await dial();
  client.end();
  await new Promise((resolve) => setTimeout(resolve, 50));
  relay.heal();
  await once(client.resume(), "close");
  expect(relay.connections).toBe(0);
});

test("bytes that are not a ZooKeeper packet are passed on unchanged, for the server to refuse", async () => {
  await using reading = await TcpRelay.start({
    target: { host: "127.0.0.1", port: (server.address() as AddressInfo).port },
  });
  const client = connect(reading.address);
  client.on("error", () => undefined);
  const whole = Buffer.from([0, 0, 0, 1, 120]);
  client.write(Buffer.concat([whole, Buffer.from([0x7b, 1, 2, 3, 121])]));
  await vi.waitFor(() => expect(received.endsWith("y")).toBe(true));
  client.destroy();
});

/** A rule in force from now on. */
function apply(rule: Rule, direction: Direction | "both" = "both"): ActiveRule {
  const active = new ActiveRule(rule, direction);
  relay.add(active);
  return active;
}

/** What a connection of the server has received. */
function everything(socket: Socket): Buffer {
  return Buffer.concat(pieces.get(socket) ?? []);
}

test("a jitter changes when data arrives, and never its order", async () => {
  const client = await dial();
  apply({ type: "latency", ms: 20, jitterMs: 20 });
  const digits = "0123456789".repeat(10);
  for (const digit of digits) {
    client.write(digit);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await vi.waitFor(() => expect(received).toHaveLength(digits.length));
  expect(received).toBe(digits);
  client.destroy();
});

test("data takes the time that a bandwidth gives it, and what was held meanwhile does not come at once", async () => {
  const client = await dial();
  apply({ type: "bandwidth", bytesPerSecond: 20_000 });
  const start = performance.now();
  client.write(Buffer.alloc(6000));
  await vi.waitFor(() => expect(received).toHaveLength(6000), 5000);
  expect(performance.now() - start).toBeGreaterThanOrEqual(295);
  relay.cut();
  client.write(Buffer.alloc(6000));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const healed = performance.now();
  relay.heal();
  await vi.waitFor(() => expect(received).toHaveLength(12_000), 5000);
  expect(performance.now() - healed).toBeGreaterThanOrEqual(240);
  client.destroy();
});

test("what was lost leaves a hole: the connection stays, and is reset afterwards; one that lost nothing goes on", async () => {
  const [loser, other] = [await dial(), await dial()];
  loser.write("a");
  other.write("a");
  await vi.waitFor(() => expect(received).toBe("aa"));
  const rule = apply({ type: "drop" }, "to-server");
  loser.write("b");
  accepted[0]?.write("c");
  accepted[1]?.write("c");
  await Promise.all([once(loser, "data"), once(other, "data")]);
  expect(received).toBe("aa");
  expect(loser.destroyed).toBe(false);
  relay.remove(rule);
  await vi.waitFor(() => expect(loser.destroyed).toBe(true));
  other.write("d");
  await vi.waitFor(() => expect(received).toBe("aad"));
  other.destroy();
});

test("new connections are refused, those that exist go on, and later ones are accepted", async () => {
  const client = await dial();
  const rule = apply({ type: "refuse" });
  const late = connect(relay.address);
  late.on("error", () => undefined).write("late");
  await vi.waitFor(() => expect(late.destroyed).toBe(true));
  client.write("a");
  await vi.waitFor(() => expect(received).toBe("a"));
  expect(accepted).toHaveLength(1);
  relay.remove(rule);
  const next = await dial();
  next.write("b");
  await vi.waitFor(() => expect(received).toBe("ab"));
  client.destroy();
  next.destroy();
});

test("a connection can be closed in the middle of a packet, once", async () => {
  await using reading = await TcpRelay.start({
    target: { host: "127.0.0.1", port: (server.address() as AddressInfo).port },
  });
  const handshake = Buffer.from([0, 0, 0, 2, 1, 1]);
  const ping = Buffer.from([0, 0, 0, 8, 255, 255, 255, 254, 0, 0, 0, 11]);
  reading.add(new ActiveRule({ type: "on-frame", kind: "ping", act: "close-inside" }, "to-server"));
  const client = connect(reading.address);
  client.on("error", () => undefined).write(Buffer.concat([handshake, ping]));
  await vi.waitFor(() => expect(received).toHaveLength(handshake.length + ping.length / 2));
  const [there] = accepted;
  if (there === undefined) throw new Error("the server has a connection");
  await vi.waitFor(() => expect(there.readableEnded).toBe(true));
  expect(received).toHaveLength(handshake.length + ping.length / 2);
  await vi.waitFor(() => expect(client.destroyed).toBe(true));
  const next = connect(reading.address);
  next.write(Buffer.concat([handshake, ping]));
  await vi.waitFor(() => expect(received).toHaveLength(12 + 18));
  next.destroy();
});

test("a receiver that does not read stops the sender, however much that would send", async () => {
  const client = await dial();
  client.write("a");
  await vi.waitFor(() => expect(accepted).toHaveLength(1));
  const [there] = accepted;
  if (there === undefined) throw new Error("the server has a connection");
  there.pause();
  const [pieces, bytes] = [64, 2 ** 20];
  let sent = 0;
  for (let piece = 0; piece < pieces; piece++) client.write(Buffer.alloc(bytes), () => sent++);
  // Kernels hold a few megabytes between each two of them, and the relay one.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(sent).toBeLessThan(pieces / 2);
  there.resume();
  await vi.waitFor(() => expect(there.bytesRead).toBe(pieces * bytes + 1), 20_000);
  client.destroy();
});

test("no byte is lost, doubled or moved, however data is cut into pieces, delayed and held", async () => {
  const rules = fc.constantFrom<Rule>(
    { type: "latency", ms: 3, jitterMs: 3 },
    { type: "bandwidth", bytesPerSecond: 200_000 },
    { type: "stall" },
  );
  const steps = fc.array(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 3000 }), rules), {
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.constantFrom("zookeeper" as const, "bytes" as const),
      async (plan, carries) => {
        await using mixed = await TcpRelay.start({
          ...{ target: { host: "127.0.0.1", port: (server.address() as AddressInfo).port }, carries },
        });
        const before = accepted.length;
        const client = connect(mixed.address);
        client.on("error", () => undefined);
        const sent: Uint8Array[] = [Buffer.from("x")];
        client.write("x");
        for (const step of plan) {
          if (step instanceof Uint8Array) {
            client.write(step);
            sent.push(step);
            await new Promise((resolve) => setImmediate(resolve));
          } else {
            const active = new ActiveRule(step, "both");
            mixed.add(active);
            setTimeout(() => mixed.remove(active), 5);
          }
        }
        client.end();
        await vi.waitFor(() => expect(accepted.length).toBe(before + 1), 5000);
        const there = accepted[before];
        if (there === undefined) throw new Error("the server has a connection");
        await vi.waitFor(() => expect(there.readableEnded).toBe(true), 5000);
        expect(everything(there)).toEqual(Buffer.concat(sent));
        there.destroy();
      },
    ),
    { numRuns: 40 },
  );
});

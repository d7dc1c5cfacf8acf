import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TcpRelay } from "./tcp-relay.ts";

let server: Server;
let relay: TcpRelay;
let accepted: Socket[];
let received: string;

beforeEach(async () => {
  accepted = [];
  received = "";
  server = createServer((socket) => {
    accepted.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      received += bytes;
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

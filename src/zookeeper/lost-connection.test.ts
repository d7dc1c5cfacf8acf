/**
 * Losses of the connection that the native client itself overlooks, because it meets them while it sends; and
 * what happens to other sockets in its thread when it closes its own.
 */
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { TcpRelay } from "../network/tcp-relay.ts";
import type { BlockedMessage } from "../testing/blocked-client-program.ts";
import { ChildProgram } from "../testing/child-program.ts";
import { Venue } from "../testing/venue.ts";
import { ConnectionLoss } from "./errors.ts";
import type { NativeSession } from "./native-session.ts";
import type { SessionState } from "./session.ts";

/** The session can keep the number of a closed socket only here (placeholder.ts). */
const onLinux = test.runIf(process.platform === "linux");

const LOSSES = 200;

let venue: Venue;
let relay: TcpRelay;
let session: NativeSession;
let states: SessionState[];

beforeAll(async () => {
  venue = await Venue.open("lost-connection");
});

beforeEach(async () => {
  relay = await venue.relay();
  session = await venue.open({ relay });
  states = [];
  session.on("state", (state) => states.push(state));
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

test("the state reports a loss that is met while sending", async () => {
  await session.get(venue.ensemble.root);
  relay.dropConnections();
  // This call meets the reset before the client has been told.
  await session.get(venue.ensemble.root);
  expect(states).toEqual(["suspended", "connected"]);
});

test("calls in flight are then lost, and their outcome is unknown", async () => {
  const { root } = venue.ensemble;
  const held = relay.holdAt("to-client", "get");
  const before = session.get(root);
  await held.reached;
  relay.dropConnections();
  held.release();
  const after = session.set(root, "data", -1);
  for (const call of await Promise.allSettled([before, after])) {
    expect(call).toMatchObject({ status: "rejected", reason: expect.any(ConnectionLoss) });
  }
  await vi.waitFor(() => expect(session.state).toBe("connected"), 5000);
  expect(states.slice(0, 2)).toEqual(["suspended", "connected"]);
  expect(await session.get(root)).toBeDefined();
});

onLinux(
  "a loss that is met between an answer and the loop's next wait leaves the process alive",
  async () => {
    const { folder } = venue.scratch;
    const program = "blocked-client-program.ts";
    // The program has its own relay: a process inherits the client's sockets, and this thread could not get rid
    // of one that is lost meanwhile.
    const its = await venue.relay();
    await using client = await ChildProgram.start<BlockedMessage>(folder, program, its.connect);
    await client.told("blocked");
    its.dropConnections();
    const { states, ms, error } = await client.told("answered");
    expect(error).toBeUndefined();
    expect(states).toEqual(["suspended", "connected"]);
    expect(ms).toBeLessThan(2000);
  },
);

onLinux("a socket that is opened while the connection is lost hears what it is told", async () => {
  await using echo = await startEcho();
  relay.cut();
  await vi.waitFor(() => expect(session.state).toBe("suspended"), 5000);
  const sockets = await Promise.all(Array.from({ length: 5 }, () => echo.open()));
  relay.heal();
  await vi.waitFor(() => expect(session.state).toBe("connected"), 5000);
  expect(await Promise.all(sockets.map(echoOf))).toEqual(sockets.map(() => "heard"));
});

onLinux(
  "so do sockets, and another session, that are opened after a loss that was met while sending",
  async () => {
    await using echo = await startEcho();
    await session.get(venue.ensemble.root);
    relay.dropConnections();
    const answer = session.get(venue.ensemble.root);
    const sockets = await Promise.all(Array.from({ length: 5 }, () => echo.open()));
    const other = await venue.open({ relay });
    expect(await other.exists("/")).toBeDefined();
    await answer;
    expect(await Promise.all(sockets.map(echoOf))).toEqual(sockets.map(() => "heard"));
  },
);

onLinux("however often a connection is lost, the numbers of files do not rise", async () => {
  const others = [await venue.open({ relay: await venue.relay() }), await venue.open()];
  const before = highestNumber();
  for (let loss = 0; loss < LOSSES; loss++) {
    const back = once(session, "state");
    relay.dropConnections();
    // Every other loss is met while sending.
    if (loss % 2 === 0) await session.get(venue.ensemble.root);
    else await back;
    await vi.waitFor(() => expect(session.state).toBe("connected"), { timeout: 5000, interval: 1 });
  }
  expect(highestNumber() - before).toBeLessThan(LOSSES / 10);
  for (const other of others) expect(await other.exists("/")).toBeDefined();
});

function highestNumber(): number {
  return Math.max(...readdirSync("/proc/self/fd").map(Number));
}

async function echoOf(socket: Socket): Promise<string> {
  socket.write("heard");
  const [text] = await once(socket, "data", { signal: AbortSignal.timeout(1000) });
  return String(text);
}

async function startEcho() {
  const server = createServer((socket) => socket.pipe(socket).on("error", () => undefined));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it listens on a port");
  const sockets: Socket[] = [];
  return {
    async open(): Promise<Socket> {
      const socket = connect(address.port, "127.0.0.1");
      sockets.push(socket);
      await once(socket, "connect");
      return socket;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

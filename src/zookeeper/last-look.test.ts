/** Sessions whose servers have lost their data, and sessions that are merely cut off for long. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import getPort from "get-port";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findDistribution } from "../ensemble/distribution.ts";
import { monitor } from "../ensemble/four-letter-word.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { type Server, type ServerOptions, startServer } from "../ensemble/server.ts";
import { TcpRelay } from "../network/tcp-relay.ts";
import type { NativeSession } from "./native-session.ts";
import { openSession } from "./open-session.ts";
import type { SessionState } from "./session.ts";

const TIMEOUT_MS = 2000;

let scratch: Scratch;
let server: Server;
let options: ServerOptions & { readonly dataFolder: string };
const sessions: NativeSession[] = [];

beforeEach(async () => {
  scratch = await Scratch.create();
  options = {
    distribution: await findDistribution(),
    port: await getPort({ host: "127.0.0.1" }),
    tickTimeMs: 200,
    fsync: false,
    dataFolder: join(scratch.folder, "kept"),
  };
  server = await startServer(scratch, options);
});

afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
  await scratch[Symbol.asyncDispose]();
});

async function open(connect = `127.0.0.1:${options.port}`, timeoutMs = TIMEOUT_MS) {
  const session = await openSession({ connect, timeoutMs });
  sessions.push(session);
  const states: SessionState[] = [];
  session.on("state", (state) => states.push(state));
  // Writes that the servers have not seen after they start afresh.
  for (let i = 0; i < 20; i++) await session.set("/", String(i), -1);
  return { session, states };
}

async function stop(): Promise<void> {
  process.kill(server.pid, "SIGKILL");
  await server.exited;
}

async function start(): Promise<void> {
  server = await startServer(scratch, options);
}

async function wipe(): Promise<void> {
  await stop();
  await rm(options.dataFolder, { recursive: true });
  await start();
}

async function sessionsAtServer(): Promise<number | undefined> {
  return (await monitor(server.address))?.get("global_sessions");
}

test("a session that its servers refuse because they have lost their data ends as expired", async () => {
  const { session, states } = await open();
  const pending = vi.fn();
  await wipe();
  session.exists("/").catch(pending);
  await vi.waitFor(() => expect(session.state).toBe("expired"), 30_000);
  expect(states).toEqual(["suspended", "expired"]);
  await expect(session.exists("/")).rejects.toMatchObject({ name: "SessionExpired" });
  expect(pending).toHaveBeenCalledOnce();
  await session.close();
  expect(states).toEqual(["suspended", "expired"]);
  // Nothing of the session or its look is left.
  await vi.waitFor(async () => expect(await sessionsAtServer()).toBe(0), 5000);
  const again = await session.reopen();
  sessions.push(again);
  expect(again.state).toBe("connected");
});

test("a session that is closed during the look leaves no other session behind", async () => {
  const { session, states } = await open();
  await wipe();
  // The session has no connection there itself: the one is the look's.
  await vi.waitFor(async () => expect(await sessionsAtServer()).toBe(1), { timeout: 15_000, interval: 50 });
  // A thread may end after that: nothing is open any more.
  await session.close();
  expect(await sessionsAtServer()).toBe(0);
  expect(states).toEqual(["suspended", "closed"]);
});

test.each([
  { what: "shorter", forMs: TIMEOUT_MS / 2 },
  { what: "longer", forMs: 4 * TIMEOUT_MS },
])(
  "an outage that is $what than the timeout does not end a session that the servers still know",
  async ({ forMs }) => {
    const { session, states } = await open();
    const { id } = session;
    await stop();
    await delay(forMs);
    await start();
    await vi.waitFor(() => expect(states).toEqual(["suspended", "connected"]), 15_000);
    expect(session.id).toBe(id);
    expect(await session.exists("/")).toBeDefined();
    await delay(TIMEOUT_MS);
    expect(states).toEqual(["suspended", "connected"]);
  },
);

test("nor does a network that is cut for long, when nobody can look", async () => {
  await using relay = await TcpRelay.start({ target: server.address });
  const { session, states } = await open(Array(20).fill(relay.connect).join(","));
  relay.cut();
  await delay(5 * TIMEOUT_MS);
  expect(states).toEqual(["suspended"]);
  relay.heal();
  // By then the servers have ended it, and say so themselves.
  await vi.waitFor(() => expect(states).toEqual(["suspended", "expired"]), 15_000);
  await session.close();
});

/** The native session beyond the contract of all sessions, which `src/testing/session-contract/` tests. */
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import getPort from "get-port";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { findDistribution } from "../ensemble/distribution.ts";
import { monitor } from "../ensemble/four-letter-word.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { startServer } from "../ensemble/server.ts";
import type { Address } from "./connect-string.ts";
import { ConnectionLoss, ConnectTimeout, SessionExpired } from "./errors.ts";
import type { NativeSession } from "./native-session.ts";
import type { OpenOptions } from "./open-options.ts";
import { openSession } from "./open-session.ts";
import { type SessionState, Watch, type WatchEvent } from "./session.ts";

const TICK_MS = 200;

let scratch: Scratch;
let address: Address;
let session: NativeSession;
/** A fresh znode for each test. */
let top: string;
let tests = 0;
const opened: NativeSession[] = [];

beforeAll(async () => {
  // The server removes a container at its next look for empty ones: by default once a minute.
  vi.stubEnv("JAVA_TOOL_OPTIONS", "-Dznode.container.checkIntervalMs=100");
  scratch = await Scratch.create();
  ({ address } = await startServer(scratch, await serverOptions()));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await scratch[Symbol.asyncDispose]();
});

beforeEach(async () => {
  session = await open();
  top = await session.create(`/test-${++tests}`, "", "persistent");
});

afterEach(async () => {
  for (const session of opened.splice(0)) await session.close();
});

async function serverOptions() {
  const [distribution, port] = [await findDistribution(), await getPort({ host: "127.0.0.1" })];
  return { distribution, port, tickTimeMs: TICK_MS, fsync: false };
}

async function open({ host, port } = address, options: Partial<OpenOptions> = {}): Promise<NativeSession> {
  const session = await openSession({ connect: `${host}:${port}`, timeoutMs: 4000, ...options });
  opened.push(session);
  return session;
}

function statesOf(session: NativeSession): SessionState[] {
  const states: SessionState[] = [];
  session.on("state", (state) => states.push(state));
  return states;
}

async function untilState(session: NativeSession, state: SessionState): Promise<void> {
  const signal = AbortSignal.timeout(15_000);
  while (session.state !== state) await once(session, "state", { signal });
}

/** A watch that records its events. */
function watching(): { watch: Watch; events: WatchEvent[] } {
  const events: WatchEvent[] = [];
  return { watch: new Watch((event) => events.push(event)), events };
}

async function serverCount(name: "watch_count" | "num_alive_connections"): Promise<number | undefined> {
  return (await monitor(address))?.get(name);
}

describe("opening", () => {
  test.each([
    { asked: 4000, granted: 4000 },
    { asked: 100, granted: 2 * TICK_MS },
    { asked: 10_000_000, granted: 600_000 },
  ])("asked for a timeout of $asked ms, it tells the granted $granted", async ({ asked, granted }) => {
    expect((await open(address, { timeoutMs: asked })).timeoutMs).toBe(granted);
  });

  test("one living server among dead ones is enough", async () => {
    const dead = await getPort({ host: "127.0.0.1" });
    const connect = `127.0.0.1:${dead},${address.host}:${address.port}`;
    expect((await open(address, { connect })).state).toBe("connected");
  });

  test("below a chroot, paths come back without it", async () => {
    const below = await open(address, { connect: `${address.host}:${address.port}${top}` });
    expect(await below.create("/a", "", "persistent")).toBe("/a");
    expect(await session.children(top)).toEqual(["a"]);
  });

  test("an identity takes the session over", async () => {
    // The test asks no more: the former owner, which runs, takes the session back at once.
    expect((await open(address, { identity: session.identity })).id).toBe(session.id);
  });

  test("an identity whose session is gone is refused as expired", async () => {
    const { identity } = session;
    await session.close();
    await expect(open(address, { identity })).rejects.toThrow(SessionExpired);
  });
});

describe("no session within the deadline", () => {
  const hasty = { connectTimeoutMs: 200 };

  test("a closed port", async () => {
    const port = await getPort({ host: "127.0.0.1" });
    const opening = open({ host: "127.0.0.1", port }, hasty);
    await expect(opening).rejects.toThrow(ConnectTimeout);
    await expect(opening).rejects.toThrow(`127.0.0.1:${port} within 200 ms`);
  }, 5000);

  test("a listener that accepts and never answers", async () => {
    const port = await getPort({ host: "127.0.0.1" });
    const silent = createServer((socket) => socket.on("error", () => undefined));
    await new Promise<void>((resolve) => silent.listen(port, "127.0.0.1", resolve));
    try {
      const opening = open({ host: "127.0.0.1", port }, hasty);
      await expect(opening).rejects.toThrow(ConnectTimeout);
      await expect(opening).rejects.toThrow(`127.0.0.1:${port}`);
    } finally {
      silent.close();
    }
  }, 5000);

  test("a name that does not resolve", async () => {
    const opening = open({ host: "no-such-host.invalid", port: 2181 }, hasty);
    await expect(opening).rejects.toThrow(ConnectTimeout);
    await expect(opening).rejects.toThrow("no-such-host.invalid did not resolve; check the names");
  }, 20_000);
});

describe("znodes", () => {
  test("a container goes when its last child has gone", async () => {
    await session.create(`${top}/container`, "", "container");
    await session.create(`${top}/container/child`, "", "persistent");
    await session.remove(`${top}/container/child`);
    await vi.waitFor(async () => expect(await session.exists(`${top}/container`)).toBeUndefined(), 5000);
  });

  test("a child list that arrives in many pieces does not count as an expired session", async () => {
    const names = Array.from({ length: 4000 }, (_, i) => `${i}-${"x".repeat(900)}`);
    await Promise.all(names.map((name) => session.create(`${top}/${name}`, "", "persistent")));
    expect((await session.children(top))?.toSorted()).toEqual(names.toSorted());
    expect(session.state).toBe("connected");
  });
});

describe("watches", () => {
  test("on a missing znode leaves none on the server", async () => {
    const before = await serverCount("watch_count");
    const { watch, events } = watching();
    expect(await session.get(`${top}/missing`, watch)).toBeUndefined();
    expect(await session.children(`${top}/missing`, watch)).toBeUndefined();
    expect(await serverCount("watch_count")).toBe(before);
    await session.create(`${top}/missing`, "", "persistent");
    expect(await session.get(`${top}/missing`, watch)).toBeDefined();
    expect(await serverCount("watch_count")).toBe((before ?? 0) + 1);
    expect(events).toEqual([]);
  });
});

describe("closing", () => {
  test("nothing of it is left on the server", async () => {
    const before = await serverCount("num_alive_connections");
    await session.get(top, watching().watch);
    await session.close();
    expect(await serverCount("num_alive_connections")).toBe((before ?? 0) - 1);
    expect(await serverCount("watch_count")).toBe(0);
  });

  test("inside a watch's listener is safe", async () => {
    const closed = new Promise<void>((resolve) => {
      void session.get(top, new Watch(() => session.close().then(resolve)));
    });
    const other = await open();
    await other.remove(top);
    await closed;
    expect(session.state).toBe("closed");
  });
});

/** A signal reaches a process's threads one by one. Without /proc nobody can tell when it has. */
async function untilStopped(pid: number): Promise<void> {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return;
  const states = () =>
    readdirSync(tasks).map((task) => /\) (\S)/.exec(readFileSync(`${tasks}/${task}/stat`, "utf8"))?.[1]);
  await vi.waitFor(() => expect(new Set(states())).toEqual(new Set(["T"])), 5000);
}

describe("a server that goes and comes back", () => {
  test("suspends the session, and the same session is connected again", async () => {
    const options = { ...(await serverOptions()), dataFolder: join(scratch.folder, "kept") };
    const { address: at, pid, exited } = await startServer(scratch, options);
    const survivor = await open(at, { timeoutMs: 6000 });
    const { id } = survivor;
    const states = statesOf(survivor);
    const { watch, events } = watching();
    await survivor.create("/own", "", "ephemeral");
    await survivor.get("/own", watch);

    // The server is stopped first, so the call certainly is in flight when it dies.
    process.kill(pid, "SIGSTOP");
    await untilStopped(pid);
    const lost = survivor.set("/own", "data", -1).catch((error) => error);
    process.kill(pid, "SIGKILL");
    await untilState(survivor, "suspended");
    const error = await lost;
    expect(error).toBeInstanceOf(ConnectionLoss);
    expect(error).toMatchObject({ path: "/own" });

    await exited;
    await startServer(scratch, options);
    await untilState(survivor, "connected");
    expect(survivor.id).toBe(id);
    expect(states).toEqual(["suspended", "connected"]);
    expect((await survivor.exists("/own"))?.createdInThisSession).toBe(true);

    // The watch heard of neither the loss nor the return; it still waits for its event.
    expect(events).toEqual([]);
    await survivor.remove("/own");
    await survivor.sync("/");
    expect(events).toEqual(["deleted"]);
  });
});

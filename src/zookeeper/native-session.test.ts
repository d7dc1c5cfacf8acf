import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import getPort from "get-port";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { findDistribution } from "../ensemble/distribution.ts";
import { monitor } from "../ensemble/four-letter-word.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { startServer } from "../ensemble/server.ts";
import { makeProgram } from "../testing/program.ts";
import type { Address } from "./connect-string.ts";
import {
  BadVersion,
  ConnectionLoss,
  ConnectTimeout,
  InvalidState,
  NoChildrenForEphemerals,
  NodeExists,
  NoNode,
  NotEmpty,
  SessionClosed,
  SessionExpired,
  ZooKeeperError,
} from "./errors.ts";
import type { NativeSession } from "./native-session.ts";
import type { OpenOptions } from "./open-options.ts";
import { openSession } from "./open-session.ts";
import { type SessionState, Watch, type WatchEvent } from "./session.ts";

const TICK_MS = 200;

let scratch: Scratch;
let address: Address;
let expirer: string;
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
  expirer = await makeProgram(
    join(scratch.folder, "expire.cjs"),
    `import { endSession } from "./zookeeper/end-session.ts";
     const [, , host, port, id, password] = process.argv;
     endSession({ host, port: Number(port) }, { id, password });`,
  );
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

/**
 * Ends a session from outside. Its own thread, this one, is blocked meanwhile, so it cannot take the session
 * back.
 */
function expire({ identity }: NativeSession): void {
  execFileSync(process.execPath, [
    expirer,
    address.host,
    String(address.port),
    identity.id,
    identity.password,
  ]);
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
  test("an open session is connected, and the server knows it by its id", async () => {
    expect(session.state).toBe("connected");
    await session.create(`${top}/own`, "", "ephemeral");
    expect((await session.exists(`${top}/own`))?.ephemeralOwner).toBe(session.id);
  });

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
  test("sequential ones are numbered by the parent, and the whole path comes back", async () => {
    expect(await session.create(`${top}/a-`, "", "persistent-sequential")).toBe(`${top}/a-0000000000`);
    expect(await session.create(`${top}/b-`, "", "ephemeral-sequential")).toBe(`${top}/b-0000000001`);
  });

  test("an ephemeral one belongs to its session alone, and goes with it", async () => {
    const other = await open();
    await other.create(`${top}/theirs`, "", "ephemeral");
    expect(await other.exists(`${top}/theirs`)).toMatchObject({ createdInThisSession: true });
    expect(await session.exists(`${top}/theirs`)).toMatchObject({
      createdInThisSession: false,
      ephemeralOwner: other.id,
    });
    await other.close();
    expect(await session.exists(`${top}/theirs`)).toBeUndefined();
  });

  test("a persistent one belongs to nobody", async () => {
    expect(await session.exists(top)).toMatchObject({ ephemeralOwner: "0", createdInThisSession: false });
  });

  test("a container goes when its last child has gone", async () => {
    await session.create(`${top}/container`, "", "container");
    await session.create(`${top}/container/child`, "", "persistent");
    await session.remove(`${top}/container/child`);
    await vi.waitFor(async () => expect(await session.exists(`${top}/container`)).toBeUndefined(), 5000);
  });

  test("data is read as it was written, with the znode's stat", async () => {
    const path = await session.create(`${top}/a`, "größer", "persistent");
    const found = await session.get(path);
    expect(found?.data.toString()).toBe("größer");
    expect(found?.stat).toMatchObject({ version: 0, dataLength: 8, numChildren: 0 });
    expect(found?.stat).toEqual(await session.exists(path));
    const { czxid } = found?.stat ?? { czxid: 0 };
    expect(await session.set(path, "", -1)).toMatchObject({ czxid, version: 1, dataLength: 0 });
    expect((await session.get(path))?.data).toHaveLength(0);
  });

  test("children are names; a leaf has none", async () => {
    await session.create(`${top}/a`, "", "persistent");
    await session.create(`${top}/b`, "", "ephemeral");
    expect((await session.children(top))?.toSorted()).toEqual(["a", "b"]);
    expect(await session.children(`${top}/a`)).toEqual([]);
  });

  test("a child list that arrives in many pieces does not count as an expired session", async () => {
    const names = Array.from({ length: 4000 }, (_, i) => `${i}-${"x".repeat(900)}`);
    await Promise.all(names.map((name) => session.create(`${top}/${name}`, "", "persistent")));
    expect((await session.children(top))?.toSorted()).toEqual(names.toSorted());
    expect(session.state).toBe("connected");
  });

  test("a missing znode is an answer, not an error", async () => {
    const missing = `${top}/missing`;
    expect(await session.get(missing)).toBeUndefined();
    expect(await session.exists(missing)).toBeUndefined();
    expect(await session.children(missing)).toBeUndefined();
    expect(await session.set(missing, "data", -1)).toBeUndefined();
    expect(await session.remove(missing)).toBe(false);
    expect(await session.remove(top)).toBe(true);
  });

  test("set and remove obey the version", async () => {
    const path = await session.create(`${top}/a`, "", "persistent");
    expect(await session.set(path, "one", 0)).toMatchObject({ version: 1 });
    await expect(session.set(path, "two", 0)).rejects.toThrow(BadVersion);
    await expect(session.remove(path, 0)).rejects.toThrow(BadVersion);
    expect((await session.get(path))?.data.toString()).toBe("one");
    expect(await session.remove(path, 1)).toBe(true);
  });

  test("sync settles, and what was decided before is seen", async () => {
    const other = await open();
    await other.set(top, "decided", -1);
    await session.sync(top);
    expect((await session.get(top))?.data.toString()).toBe("decided");
  });
});

describe("a refusal is an error of its kind, with its code and the path", () => {
  test.each([
    { what: "create of what exists", type: NodeExists, code: -110, at: "" },
    { what: "create below a missing parent", type: NoNode, code: -101, at: "/missing/a" },
    { what: "create below an ephemeral", type: NoChildrenForEphemerals, code: -108, at: "/ephemeral/a" },
  ])("$what", async ({ type, code, at }) => {
    await session.create(`${top}/ephemeral`, "", "ephemeral");
    const error = await session.create(`${top}${at}`, "", "persistent").catch((error) => error);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ name: type.name, code, path: `${top}${at}` });
  });

  test("removing a znode that has children", async () => {
    await session.create(`${top}/a`, "", "persistent");
    const error = await session.remove(top).catch((error) => error);
    expect(error).toBeInstanceOf(NotEmpty);
    expect(error).toMatchObject({ code: -111, path: top });
  });

  test("an invalid path is refused before it is sent", async () => {
    const error = await session.get("no-slash").catch((error) => error);
    expect(error).toBeInstanceOf(ZooKeeperError);
    expect(error).toMatchObject({ name: "BadArguments", code: -8, path: "no-slash" });
  });
});

describe("watches", () => {
  test("set by get: fires once, when the znode is deleted", async () => {
    const { watch, events } = watching();
    const path = await session.create(`${top}/a`, "", "persistent");
    expect(await session.get(path, watch)).toBeDefined();
    await session.remove(path);
    await session.create(path, "", "persistent");
    await session.remove(path);
    await session.sync(top);
    expect(events).toEqual(["deleted"]);
  });

  test("set by get: fires once, when the data changes", async () => {
    const { watch, events } = watching();
    await session.get(top, watch);
    await session.set(top, "one", -1);
    await session.set(top, "two", -1);
    await session.sync(top);
    expect(events).toEqual(["changed"]);
  });

  test("on the child list: fires once, for a child that comes or goes", async () => {
    const [coming, going] = [watching(), watching()];
    await session.children(top, coming.watch);
    await session.create(`${top}/a`, "", "persistent");
    await session.children(top, going.watch);
    await session.remove(`${top}/a`);
    await session.sync(top);
    expect([coming.events, going.events]).toEqual([["children"], ["children"]]);
  });

  test("set twice, one watch still fires once", async () => {
    const { watch, events } = watching();
    await session.get(top, watch);
    await session.children(top, watch);
    await session.remove(top);
    await session.sync("/");
    expect(events).toEqual(["deleted"]);
  });

  test("a cancelled one calls nobody", async () => {
    const { watch, events } = watching();
    await session.get(top, watch);
    watch.cancel();
    await session.remove(top);
    await session.sync("/");
    expect(events).toEqual([]);
  });

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

  test("a notification comes before the answer that shows its cause", async () => {
    const other = await open();
    const order: string[] = [];
    const path = await session.create(`${top}/a`, "", "persistent");
    await session.get(path, new Watch((event) => order.push(event)));
    // The read may be answered before the removal or after it; if after, the notification came first.
    const removal = other.remove(path);
    while ((await session.exists(path)) !== undefined) order.push("still there");
    order.push("gone");
    await removal;
    expect(order.filter((entry) => entry !== "still there")).toEqual(["deleted", "gone"]);
  });
});

describe("closing", () => {
  test("the state says so, once, and closing again is no error", async () => {
    const states = statesOf(session);
    await Promise.all([session.close(), session.close()]);
    await session.close();
    expect(states).toEqual(["closed"]);
    expect(session.state).toBe("closed");
  });

  test("calls on their way reject: whether they were carried out is unknown", async () => {
    const calls = [session.get(top), session.set(top, "data", -1), session.sync(top)];
    const settled = Promise.allSettled(calls);
    await session.close();
    for (const call of await settled) {
      expect(call).toMatchObject({ status: "rejected", reason: expect.any(SessionClosed) });
    }
  });

  test("later calls reject: they were never sent", async () => {
    await session.close();
    const calls = [
      session.create(`${top}/a`, "", "persistent"),
      session.get(top, watching().watch),
      session.exists(top),
      session.children(top),
      session.set(top, "data", -1),
      session.remove(top),
      session.sync(top),
    ];
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ status: "rejected", reason: expect.any(InvalidState) });
    }
  });

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

describe("expiry", () => {
  test("is told by the state; pending and later calls reject with it", async () => {
    const states = statesOf(session);
    const pending = new Promise<unknown>((resolve) => {
      // A call in a suspended session waits for the connection, which only brings the bad news.
      session.once("state", () => setImmediate(() => session.get(top).catch(resolve)));
    });
    expire(session);
    await untilState(session, "expired");
    expect(states).toEqual(["suspended", "expired"]);
    expect(await pending).toBeInstanceOf(SessionExpired);
    const later = await Promise.allSettled([session.get(top), session.remove(top), session.sync(top)]);
    for (const call of later) {
      expect(call).toMatchObject({ status: "rejected", reason: { name: "SessionExpired", path: top } });
    }
    await session.close();
    expect(states).toEqual(["suspended", "expired"]);
  });

  test("removes the ephemeral znodes, and calls no watch", async () => {
    const { watch, events } = watching();
    const other = await open();
    await session.create(`${top}/own`, "", "ephemeral");
    await session.get(`${top}/own`, watch);
    expire(session);
    await untilState(session, "expired");
    expect(await other.exists(`${top}/own`)).toBeUndefined();
    expect(events).toEqual([]);
  });
});

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

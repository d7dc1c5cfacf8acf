/** Ensembles with silent servers, or with names that do not resolve, or move. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket, connect as tcpConnect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { mutePort, unacceptingPort } from "../testing/silent-port.ts";
import { type NativeClient, nativeClient } from "./binding.ts";
import { type Address, hostAndPort } from "./connect-string.ts";
import { ConnectTimeout, NoNode } from "./errors.ts";
import type { Lookup } from "./lookup.ts";
import type { NativeSession } from "./native-session.ts";
import type { OpenOptions } from "./open-options.ts";
import { openBy, openSession } from "./open-session.ts";
import type { SessionState } from "./session.ts";

let scratch: Scratch;
let ensemble: LocalEnsemble;
let server: Address;
const sessions: NativeSession[] = [];
const relays: Relay[] = [];

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "finding-servers-test" });
  server = ensemble.members[0].address;
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const session of sessions.splice(0)) await session.close();
  for (const relay of relays.splice(0)) await relay.end();
});

afterAll(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

async function open(connect: string, options: Partial<OpenOptions> = {}, lookup?: Lookup) {
  const all = { connect, timeoutMs: 6000, ...options };
  const session = await (lookup === undefined ? openSession(all) : openBy({ lookup, order: "random" }, all));
  sessions.push(session);
  return session;
}

interface Relay extends Address {
  /** Stops listening, and closes all connections. */
  end(): Promise<void>;
}

/** A relay to the server, on any address of the loopback interface. */
async function relay(host = "127.0.0.1", port = 0): Promise<Relay> {
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const up = tcpConnect(server);
    client.pipe(up).pipe(client);
    for (const socket of [client, up])
      sockets.add(socket.on("error", () => undefined).on("close", () => sockets.delete(socket)));
    client.on("close", () => up.destroy());
    up.on("close", () => client.destroy());
  });
  await once(listener.listen(port, host), "listening");
  let ended = false;
  const made: Relay = {
    host,
    port: (listener.address() as AddressInfo).port,
    async end() {
      if (ended) return;
      ended = true;
      listener.close();
      for (const socket of sockets) socket.destroy();
      await once(listener, "close");
    },
  };
  relays.push(made);
  return made;
}

function statesOf(session: NativeSession): SessionState[] {
  const states: SessionState[] = [];
  session.on("state", (state) => states.push(state));
  return states;
}

describe("a list with a silent server", () => {
  test.each([
    { kind: "that does not even accept", silent: unacceptingPort },
    { kind: "that accepts and never answers", silent: mutePort },
  ])("$kind: every opening finds the others in time", async ({ silent }) => {
    await using port = await silent();
    const connect = `127.0.0.1:${port.port},${server.host}:${server.port}`;
    for (let i = 0; i < 12; i++) {
      // Without a choice of servers, the client waits 4 s for a silent one.
      const session = await open(connect, { connectTimeoutMs: 3000 });
      expect(session.state).toBe("connected");
    }
  });

  test("and a session that has lost its own server: it returns before it is over", async () => {
    await using one = await unacceptingPort("127.0.0.2");
    await using two = await unacceptingPort("127.0.0.3");
    await using three = await unacceptingPort("127.0.0.4");
    const [first, second] = [await relay(), await relay()];
    await second.end();
    const session = await open([first, one, two, three, second].map(hostAndPort).join(","));
    const states = statesOf(session);
    await relay("127.0.0.1", second.port);
    await first.end();
    // Tried one after the other, the silent ones take longer than the session lives.
    await vi.waitFor(() => expect(states).toEqual(["suspended", "connected"]), 6000);
    expect(await session.exists("/")).toBeDefined();
  });
});

describe("names", () => {
  /** A lookup from a table that can change. */
  function table(names: Record<string, string[] | "silence">): Lookup {
    return async (name) => {
      const numbers = names[name];
      if (numbers === "silence") return new Promise(() => undefined);
      if (numbers === undefined) throw new Error(`getaddrinfo ENOTFOUND ${name}`);
      return numbers;
    };
  }

  test("reach the native client as numbers alone, at the opening and afterwards", async () => {
    const client: NativeClient = nativeClient().prototype;
    const init = vi.spyOn(client, "init");
    const setServers = vi.spyOn(client, "set_servers");
    const first = await relay("127.0.0.2");
    const names: Record<string, string[]> = { "zk1.test": ["127.0.0.2"], "zk2.test": ["127.0.0.3"] };
    const session = await open(`zk1.test:${first.port},zk2.test:${first.port}`, {}, table(names));
    const states = statesOf(session);
    expect(await session.exists("/")).toBeDefined();
    expect(setServers).not.toHaveBeenCalled();
    await first.end();
    names["zk2.test"] = ["127.0.0.4"];
    await relay("127.0.0.4", first.port);
    await vi.waitFor(() => expect(states).toEqual(["suspended", "connected"]), 6000);
    expect(setServers).toHaveBeenCalled();
    const lists = [...init.mock.calls.map(([{ connect }]) => connect), ...setServers.mock.calls.flat()];
    for (const list of lists) expect(list).toMatch(/^(127\.0\.0\.\d:\d+,?)+$/);
  });

  test("that move are found again, by the same session", async () => {
    const first = await relay("127.0.0.2");
    const names: Record<string, string[]> = { "zk.test": ["127.0.0.2"] };
    const session = await open(`zk.test:${first.port}`, {}, table(names));
    const states = statesOf(session);
    await first.end();
    await relay("127.0.0.3", first.port);
    names["zk.test"] = ["127.0.0.3"];
    await vi.waitFor(() => expect(states).toEqual(["suspended", "connected"]), 6000);
    expect(await session.exists("/")).toBeDefined();
  });

  test("whose lookup hangs do not hold up the others", async () => {
    const names = table({ "zk1.test": "silence", "zk2.test": [server.host] });
    const session = await open(`zk1.test:${server.port},zk2.test:${server.port}`, {}, names);
    expect(session.state).toBe("connected");
  });

  test("whose lookup hangs do not hold up a session that knows them from before", async () => {
    const first = await relay("127.0.0.2");
    const names: Record<string, string[] | "silence"> = {
      "zk1.test": ["127.0.0.2"],
      "zk2.test": [server.host],
    };
    const session = await open(`zk1.test:${first.port},zk2.test:${server.port}`, {}, table(names));
    for (const name of Object.keys(names)) names[name] = "silence";
    await first.end();
    await session.close();
    const again = await session.reopen();
    sessions.push(again);
    expect(again.state).toBe("connected");
  });

  test("that do not resolve yet are asked for until the deadline", async () => {
    const names: Record<string, string[]> = {};
    const opening = open(`zk.test:${server.port}`, {}, table(names));
    setTimeout(() => {
      names["zk.test"] = [server.host];
    }, 500);
    expect((await opening).state).toBe("connected");
  });

  test.each([
    { what: "never resolve", names: {} },
    { what: "hang", names: { "zk1.test": "silence", "zk2.test": "silence" } as const },
  ])("that $what are named when the deadline has passed", async ({ names }) => {
    const before = performance.now();
    const opening = open("zk1.test:2181,zk2.test:2181", { connectTimeoutMs: 300 }, table(names));
    const error = await opening.catch((error) => error);
    expect(error).toBeInstanceOf(ConnectTimeout);
    expect(error.message).toContain("within 300 ms: zk1.test, zk2.test did not resolve");
    expect(performance.now() - before).toBeLessThan(3000);
  });

  test("that hang do not hold up a caller that gives up", async () => {
    const reason = new Error("enough");
    const opening = open(
      "zk.test:2181",
      { signal: AbortSignal.timeout(50) },
      table({ "zk.test": "silence" }),
    );
    await expect(opening).rejects.toMatchObject({ name: "TimeoutError" });
    const aborted = open("zk.test:2181", { signal: AbortSignal.abort(reason) }, table({}));
    await expect(aborted).rejects.toBe(reason);
  });
});

describe("numbers", () => {
  test.each(["[::1]", "[::ffff:127.0.0.1]"])("%s is connected to", async (host) => {
    // The server itself listens on 127.0.0.1.
    const { port } = host === "[::1]" ? await relay("::1") : server;
    expect((await open(`${host}:${port}`)).state).toBe("connected");
  });
});

describe("a chroot", () => {
  test("that is missing is reported, with what to do", async () => {
    const error = await open(`${ensemble.connect}/no/such`).catch((error) => error);
    expect(error).toBeInstanceOf(NoNode);
    expect(error.message).toBe("the chroot /no/such does not exist; create it first");
  });

  test("may end with a slash", async () => {
    const session = await open(`${ensemble.connect}${ensemble.root}/`);
    expect(await session.create("/child", "", "ephemeral")).toBe("/child");
  });
});

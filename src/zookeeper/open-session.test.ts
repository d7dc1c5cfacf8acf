import { once } from "node:events";
import { createServer, type Server, type Socket, connect as tcpConnect } from "node:net";
import { performance } from "node:perf_hooks";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { monitor } from "../ensemble/four-letter-word.ts";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { AuthFailed, ConnectionLoss, InvalidAcl, NoAuth, NodeExists } from "./errors.ts";
import { NativeSession } from "./native-session.ts";
import type { Auth, OpenOptions } from "./open-options.ts";
import { openSession } from "./open-session.ts";
import type { Acl } from "./session.ts";

const ANN: Auth = { scheme: "digest", credentials: "ann:secret-of-ann" };
/** All permissions, for the identity that sets the ACL. */
const MINE: readonly Acl[] = [{ permissions: 31, scheme: "auth", id: "" }];

let scratch: Scratch;
let ensemble: LocalEnsemble;
/** A fresh znode for each test. */
let top: string;
let tests = 0;
const opened: NativeSession[] = [];

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "open-session-test" });
});

afterAll(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

beforeEach(async () => {
  top = await ensemble.session.create(`${ensemble.root}/test-${++tests}`, "", "persistent");
});

afterEach(async () => {
  for (const session of opened.splice(0)) await session.close();
});

async function open(options: Partial<OpenOptions> = {}): Promise<NativeSession> {
  return keep(await openSession({ connect: ensemble.connect, timeoutMs: 10_000, ...options }));
}

function keep(session: NativeSession): NativeSession {
  opened.push(session);
  return session;
}

/** A relay between a client and the server; it can hang up on the client, and swallow its messages. */
async function relay(): Promise<{ connect: string; hangUp(): void; deafen(): void; server: Server }> {
  const [host = "", port] = ensemble.connect.split(":");
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const up = tcpConnect({ host, port: Number(port) });
    client.pipe(up).pipe(client);
    for (const socket of [client, up]) {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    }
    client.on("close", () => up.destroy());
    up.on("close", () => client.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it has a port");
  return {
    connect: `127.0.0.1:${address.port}`,
    hangUp: () => {
      for (const socket of sockets) socket.destroy();
    },
    deafen: () => {
      for (const socket of sockets) socket.unpipe().resume();
    },
    server,
  };
}

async function until(session: NativeSession, state: "suspended" | "connected"): Promise<void> {
  const signal = AbortSignal.timeout(15_000);
  while (session.state !== state) await once(session, "state", { signal });
}

/** Sessions on the server. */
async function sessions(): Promise<number | undefined> {
  const [{ address }] = ensemble.members;
  return (await monitor(address))?.get("global_sessions");
}

test("a thread that stands still while it connects leaves no second session on the server", async () => {
  const before = (await sessions()) ?? 0;
  const { init } = NativeSession.prototype;
  const spy = vi.spyOn(NativeSession.prototype, "init").mockImplementationOnce(function (
    this: NativeSession,
    ...config
  ) {
    init.apply(this, config);
    // Longer than it waits for the answer of a server.
    queueMicrotask(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500));
  });
  try {
    await open();
    expect(spy).toHaveBeenCalled();
  } finally {
    spy.mockRestore();
  }
  expect(await sessions()).toBe(before + 1);
});

describe("credentials", () => {
  test("a znode closed to others opens only to its own user", async () => {
    const ann = await open({ auth: [ANN] });
    const path = await ann.create(`${top}/anns`, "first", "persistent");
    expect(await ann.setAcl(path, MINE)).toBe(true);
    const again = await open({ auth: [ANN] });
    expect(await again.set(path, "second", -1)).toBeDefined();
    const bob = await open({ auth: [{ scheme: "digest", credentials: "bob:secret-of-bob" }] });
    const nobody = await open();
    for (const session of [bob, nobody]) {
      await expect(session.get(path)).rejects.toBeInstanceOf(NoAuth);
      await expect(session.set(path, "third", -1)).rejects.toMatchObject({ name: "NoAuth", path });
    }
    expect((await ann.get(path))?.data.toString()).toBe("second");
  });

  test("a session may be several users at once", async () => {
    const bob: Auth = { scheme: "digest", credentials: "bob:secret-of-bob" };
    for (const auth of [ANN, bob]) {
      const one = await open({ auth: [auth] });
      await one.setAcl(await one.create(`${top}/${auth.credentials}`, "", "persistent"), MINE);
    }
    const both = await open({ auth: [ANN, bob] });
    expect(await both.get(`${top}/${ANN.credentials}`)).toBeDefined();
    expect(await both.get(`${top}/${bob.credentials}`)).toBeDefined();
  });

  test("below a chroot, too", async () => {
    await ensemble.session.create(`${top}/chroot`, "", "persistent");
    const session = await open({ connect: `${ensemble.connect}${top}/chroot`, auth: [ANN] });
    expect(session.state).toBe("connected");
  });

  test("hold after a lost connection", async () => {
    const { connect, hangUp, server } = await relay();
    const ann = await open({ connect, auth: [ANN] });
    const path = await ann.create(`${top}/anns`, "", "persistent");
    await ann.setAcl(path, MINE);
    const { id } = ann;
    hangUp();
    await until(ann, "suspended");
    await until(ann, "connected");
    // This works at once: the client itself has sent the credentials ahead.
    expect(await ann.set(path, "data", -1)).toBeDefined();
    expect(ann.id).toBe(id);
    await ann.close();
    server.close();
  });

  test.each([
    { when: "alone", auth: [{ scheme: "no-such-scheme", credentials: "ann:secret-of-ann" }] },
    { when: "before good ones", auth: [{ scheme: "no-such-scheme", credentials: "a" }, ANN] },
    { when: "behind good ones", auth: [ANN, { scheme: "no-such-scheme", credentials: "a" }] },
  ])(
    "of a scheme that the server does not know are refused at once, $when",
    async ({ auth }) => {
      const error = await open({ auth }).catch((error) => error);
      expect(error).toBeInstanceOf(AuthFailed);
      expect(error.message).toContain(ensemble.connect);
      expect(error.message).toContain("no-such-scheme");
      expect(error.message).not.toContain("secret");
    },
    5000,
  );
});

describe("an ACL", () => {
  test("permits what it says, and nothing else", async () => {
    const path = await ensemble.session.create(`${top}/read-only`, "", "persistent");
    expect(await ensemble.session.setAcl(path, [{ permissions: 1, scheme: "world", id: "anyone" }])).toBe(
      true,
    );
    const other = await open();
    expect(await other.get(path)).toBeDefined();
    await expect(other.set(path, "data", -1)).rejects.toBeInstanceOf(NoAuth);
    await expect(other.create(`${path}/child`, "", "persistent")).rejects.toBeInstanceOf(NoAuth);
  });

  test("of a missing znode is no error: there was none", async () => {
    expect(await (await open({ auth: [ANN] })).setAcl(`${top}/missing`, MINE)).toBe(false);
  });

  test("for its own setter needs a session with credentials", async () => {
    await expect(ensemble.session.setAcl(top, MINE)).rejects.toBeInstanceOf(InvalidAcl);
  });
});

describe("a contact with the ensemble's leader", () => {
  test("is a connection, and each answered sync, but not a mere read", async () => {
    const before = performance.now();
    const session = await open();
    const { contacts } = session;
    expect(contacts.last).toMatchObject({ type: "connected" });
    expect(contacts.last?.sentAt).toBeGreaterThanOrEqual(before);
    const first = contacts.last;
    await session.get(top);
    await expect(session.create(top, "", "persistent")).rejects.toBeInstanceOf(NodeExists);
    expect(contacts.last).toBe(first);
    const sent = performance.now();
    const synced = session.sync(top);
    const sentBy = performance.now();
    await synced;
    expect(contacts.last).toMatchObject({ type: "synced" });
    expect(contacts.last?.sentAt).toBeGreaterThanOrEqual(sent);
    expect(contacts.last?.sentAt).toBeLessThanOrEqual(sentBy);
  });

  test("is not a sync whose answer was lost, but the connection after it, once a sync over that is answered", async () => {
    const { connect, hangUp, deafen, server } = await relay();
    const session = await open({ connect });
    await session.sync(top);
    const { last } = session.contacts;
    deafen();
    const lost = session.sync(top).catch((error) => error);
    await new Promise((resolve) => setTimeout(resolve, 50));
    hangUp();
    expect(await lost).toBeInstanceOf(ConnectionLoss);
    expect(session.contacts.last).toBe(last);
    await until(session, "connected");
    expect(session.contacts.last).toBe(last);
    await session.sync(top);
    expect([...session.contacts.backwards()].map(({ type }) => type)).toEqual(["synced", "connected"]);
    await session.close();
    const atEnd = session.contacts.last;
    await session.sync(top).catch(() => undefined);
    expect(session.contacts.last).toBe(atEnd);
    server.close();
  });
});

describe("reopening", () => {
  test("gives another session with the same permissions", async () => {
    const first = await open({ auth: [ANN] });
    const path = await first.create(`${top}/anns`, "", "persistent");
    await first.setAcl(path, MINE);
    await first.close();
    const second = keep(await first.reopen());
    expect(second.id).not.toBe(first.id);
    expect(second.state).toBe("connected");
    expect(await second.set(path, "data", -1)).toBeDefined();
    await second.close();
    const third = keep(await second.reopen());
    expect(await third.set(path, "data", -1)).toBeDefined();
  });

  test("does not take a session over once more", async () => {
    const first = await open();
    const taken = await open({ identity: first.identity });
    expect(keep(await taken.reopen()).id).not.toBe(first.id);
  });

  test("is given up when the signal says so, with its reason", async () => {
    const session = await open();
    await session.close();
    const reason = new Error("enough");
    await expect(session.reopen(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

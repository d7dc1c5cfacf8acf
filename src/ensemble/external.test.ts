import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import getPort from "get-port";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { LabError } from "../lab-error.ts";
import { openSession } from "../zookeeper/open-session.ts";
import type { Session } from "../zookeeper/session.ts";
import { findDistribution } from "./distribution.ts";
import type { Ensemble } from "./ensemble.ts";
import { connectExternal, type ExternalOptions } from "./external.ts";
import { startLocal } from "./local.ts";
import { Scratch } from "./scratch.ts";
import { startServer } from "./server.ts";

let scratch: Scratch;
/** Stands in for the user's own ensemble. */
let users: Ensemble;
/** The user's view of it. */
let session: Session;
let runs = 0;

beforeAll(async () => {
  // By default the server looks for empty containers once a minute; here it looks all the time.
  vi.stubEnv("JAVA_TOOL_OPTIONS", "-Dznode.container.checkIntervalMs=20 -Dzookeeper.enforceQuota=true");
  scratch = await Scratch.create();
  users = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "external-test" });
  session = users.session;
  // None of the lab's own znodes exists yet.
  await session.remove(users.root);
  await session.remove("/zk-election-lab");
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await users.close();
  await scratch[Symbol.asyncDispose]();
});

function connect(options: Partial<ExternalOptions> = {}): Promise<Ensemble> {
  return connectExternal({
    connect: users.connect,
    auth: [],
    sessionTimeoutsMs: [4000],
    crowd: { candidates: 3, sessions: 3 },
    runId: `run-${++runs}`,
    ...options,
  });
}

async function refusal(options: Partial<ExternalOptions>): Promise<LabError> {
  const error = await connect(options).then(
    (ensemble) => ensemble.close(),
    (error) => error,
  );
  if (!(error instanceof LabError)) throw new Error("it was not refused in words for a person");
  return error;
}

/** Limits the number of znodes, including this one; done as the servers' own command line does it. */
async function setQuota(path: string, znodes: number): Promise<void> {
  const quota = `/zookeeper/quota${path}`;
  await session.create(quota, "", "persistent");
  await session.create(`${quota}/zookeeper_limits`, `count=${znodes},countHardLimit=${znodes}`, "persistent");
  await session.create(`${quota}/zookeeper_stats`, "count=1,bytes=0", "persistent");
}

/** An ensemble of one: a standalone server has no local sessions. */
async function localSessionServer(): Promise<string> {
  const dataFolder = join(scratch.folder, "local-sessions");
  await mkdir(dataFolder);
  await writeFile(join(dataFolder, "myid"), "1");
  const [port, quorum, vote] = [await getPort(), await getPort(), await getPort()];
  await startServer(scratch, {
    distribution: await findDistribution({}),
    port,
    tickTimeMs: 200,
    fsync: false,
    dataFolder,
    settings: {
      "server.1": `127.0.0.1:${quorum}:${vote}`,
      standaloneEnabled: false,
      initLimit: 50,
      syncLimit: 50,
      localSessionsEnabled: true,
    },
  });
  return `127.0.0.1:${port}`;
}

describe("a run on the user's ensemble", () => {
  test("lives below one znode of its own, and leaves nothing", async () => {
    const ensemble = await connect({ runId: "only" });
    expect(ensemble).toMatchObject({
      root: "/zk-election-lab/only",
      connect: users.connect,
      members: users.members.map(({ address }) => ({ address })),
      version: users.version,
      embedded: false,
      tickTimeMs: null,
      forceSync: null,
    });
    expect(await session.exists(ensemble.root)).toBeDefined();
    await ensemble.close();
    expect(ensemble.session.state).toBe("closed");
    expect(await session.children("/")).toEqual(["zookeeper"]);
  });

  test("leaves znodes of other runs alone", async () => {
    const [one, two] = [await connect(), await connect()];
    await one.close();
    expect(await session.exists(one.root)).toBeUndefined();
    expect(await session.exists(two.root)).toBeDefined();
    await two.close();
    expect(await session.exists(two.root)).toBeUndefined();
  });

  test("makes the chroot that is missing, and removes it", async () => {
    const ensemble = await connect({ connect: `${users.connect}/deep/lab`, runId: "below" });
    expect(ensemble).toMatchObject({ root: "/deep/lab/below", connect: users.connect });
    expect(await session.exists("/deep/lab/below")).toBeDefined();
    await ensemble.close();
    expect(await session.exists("/deep")).toBeUndefined();
  });

  test("keeps the chroot that was there", async () => {
    await session.create("/users", "kept", "persistent");
    const ensemble = await connect({ connect: `${users.connect}/users/lab`, runId: "below" });
    expect(await session.exists("/users/lab/below")).toBeDefined();
    await ensemble.close();
    expect(await session.children("/users")).toEqual([]);
    expect((await session.get("/users"))?.data.toString()).toBe("kept");
  });

  test("its znode stays from the first trial to the last, though it is empty between them", async () => {
    const ensemble = await connect();
    const trial = `${ensemble.root}/election-1`;
    await ensemble.session.create(trial, "", "container");
    await ensemble.session.remove(trial);
    // When this empty container has gone, the server has looked for empty ones.
    await session.create("/bait", "", "container");
    await session.create("/bait/child", "", "persistent");
    await session.remove("/bait/child");
    await vi.waitFor(async () => expect(await session.exists("/bait")).toBeUndefined(), 5000);
    expect(await session.exists(ensemble.root)).toBeDefined();
    await ensemble.close();
    expect(await session.exists(ensemble.root)).toBeUndefined();
  });
});

/** A chroot below which anybody may do anything but delete. */
async function undeletable(chroot: string): Promise<string> {
  await using own = await openSession({ connect: users.connect, timeoutMs: 4000 });
  await own.create(chroot, "", "persistent");
  await own.setAcl(chroot, [{ permissions: 31 - 8, scheme: "world", id: "anyone" }]);
  return `${users.connect}${chroot}`;
}

describe("what a run leaves behind", () => {
  test("is nothing in the end, and its znodes before", async () => {
    const ensemble = await connect({ runId: "kept" });
    expect(ensemble.left?.message).toBe(
      `--connect ${users.connect}: /zk-election-lab/kept is left behind, since the lab ended at once; if it is still ` +
        "there some minutes later, remove it in ZooKeeper's shell: deleteall /zk-election-lab/kept; " +
        "delete /zk-election-lab",
    );
    await ensemble.close();
    expect(ensemble.left).toBeUndefined();
  });

  test("is what it may not remove, and why", async () => {
    const where = await undeletable("/no-delete");
    const ensemble = await connect({ connect: where, runId: "kept" });
    await ensemble.close();
    expect(ensemble.left).toMatchObject({ name: "LabError", code: "usage" });
    expect(ensemble.left?.message).toMatch(
      /^--connect .*: \/no-delete\/kept is left behind, since the ensemble did not let it be removed \(.*: deleteall \/no-delete\/kept$/,
    );
  });

  test("is what somebody else's znodes stand in", async () => {
    const ensemble = await connect({ runId: "shared" });
    await session.create("/zk-election-lab/shared/others", "", "persistent");
    await ensemble.close();
    expect(ensemble.left).toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("since something is still in it"),
    });
    await session.remove("/zk-election-lab/shared/others");
    await vi.waitUntil(async () => (await session.exists("/zk-election-lab")) === undefined, 10_000);
  });

  test("is also reported if a run could not begin", async () => {
    const where = await undeletable("/no-delete-either");
    await setQuota("/no-delete-either", 2);
    const error = await refusal({ connect: where, runId: "run" });
    expect(error.code).toBe("usage");
    expect(error.message).toMatch(/quota of a znode above is used up: .*; --connect .*\/run is left behind/);
  });
});

describe("an ensemble that cannot be used", () => {
  test("a session timeout that it does not grant: which flag, and what it grants", async () => {
    for (const { ms, granted } of [
      { ms: 100, granted: 400 },
      { ms: 700_000, granted: 600_000 },
    ]) {
      const error = await refusal({ sessionTimeoutsMs: [4000, ms] });
      expect(error.code).toBe("usage");
      expect(error.message).toContain(`--session-timeout ${ms}: the ensemble grants ${granted} ms`);
    }
  });

  test.each([
    { room: 1, path: "/used-up-1/run" },
    { room: 2, path: "/used-up-2/run/coordinator" },
  ])("a quota that is used up at $path: what would help, and nothing is left", async ({ room, path }) => {
    const top = `/used-up-${room}`;
    await session.create(top, "", "persistent");
    await setQuota(top, room);
    const error = await refusal({ connect: `${users.connect}${top}`, runId: "run" });
    expect(error.code).toBe("usage");
    expect(error.message).toContain(
      `--connect ${users.connect}${top}: the quota of a znode above is used up`,
    );
    expect(error.message).toContain(`${path}; raise it, or name another chroot`);
    expect(await session.children(top)).toEqual([]);
  });

  test("an ephemeral znode as the chroot: nothing can be below it", async () => {
    await session.create("/short-lived", "", "ephemeral");
    const error = await refusal({ connect: `${users.connect}/short-lived` });
    expect(error.code).toBe("usage");
    expect(error.message).toContain("an ephemeral znode cannot have children: /short-lived/");
    expect(error.message).toContain("name another chroot");
  });

  test("local sessions that are not upgraded: the setting, and nothing is left", async () => {
    const own = await localSessionServer();
    const error = await refusal({ connect: own });
    expect(error.code).toBe("unavailable");
    expect(error.message).toContain("set localSessionsUpgradingEnabled=true on the servers");
    await using looker = await openSession({ connect: own, timeoutMs: 4000 });
    expect(await looker.children("/")).toEqual(["zookeeper"]);
  });

  test("a closed port is reported at once", async () => {
    const port = await getPort({ host: "127.0.0.1" });
    const error = await refusal({ connect: `127.0.0.1:${port}` });
    expect(error.code).toBe("unavailable");
    expect(error.message).toMatch(/^--connect 127.0.0.1:\d+: .*ECONNREFUSED/);
  }, 4000);

  test("a name that does not resolve", async () => {
    const error = await refusal({ connect: "no-such-host.invalid" });
    expect(error.code).toBe("unavailable");
    expect(error.message).toMatch(/^--connect no-such-host.invalid:2181: no server answers/);
  }, 15_000);

  test("a listener that never answers is given up within fifteen seconds", async () => {
    const port = await getPort({ host: "127.0.0.1" });
    const silent = createServer((socket) => socket.on("error", () => undefined));
    await new Promise<void>((resolve) => silent.listen(port, "127.0.0.1", resolve));
    try {
      const error = await refusal({ connect: `127.0.0.1:${port}` });
      expect(error.code).toBe("unavailable");
      expect(error.message).toMatch(new RegExp(`^--connect.*127.0.0.1:${port}`));
    } finally {
      silent.close();
    }
  }, 15_000);

  test("one server that answers is enough", async () => {
    const dead = await getPort({ host: "127.0.0.1" });
    const ensemble = await connect({ connect: `127.0.0.1:${dead},${users.connect}` });
    expect(ensemble.version).toBe(users.version);
    await ensemble.close();
  });
});

test("a coordinator's session that has ended is opened again, and its lost znodes are restored", async () => {
  const ensemble = await connect();
  try {
    const before = ensemble.session;
    await ensemble.revive();
    expect(ensemble.session).toBe(before);
    await before.close();
    // The containers are empty now, and go.
    await vi.waitUntil(async () => (await session.exists(ensemble.root)) === undefined, 10_000);
    await ensemble.revive();
    expect(ensemble.session.id).not.toBe(before.id);
    expect(await ensemble.session.children(ensemble.root)).toEqual(["coordinator"]);
  } finally {
    await ensemble.close();
  }
  expect(await session.exists("/zk-election-lab")).toBeUndefined();
});

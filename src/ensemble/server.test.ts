import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import getPort from "get-port";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { LabError } from "../lab-error.ts";
import { openSession } from "../zookeeper/open-session.ts";
import { type Distribution, findDistribution } from "./distribution.ts";
import { Scratch } from "./scratch.ts";
import { PortTaken, type Server, type ServerOptions, startServer } from "./server.ts";
import { sessionTimeoutRange } from "./session-timeout-range.ts";

let scratch: Scratch;
let distribution: Distribution;

beforeAll(async () => {
  scratch = await Scratch.create();
  distribution = await findDistribution();
});

afterAll(async () => {
  await scratch[Symbol.asyncDispose]();
});

async function start(options: Partial<ServerOptions> = {}, owner = scratch): Promise<Server> {
  const port = await getPort({ host: "127.0.0.1" });
  return startServer(owner, { distribution, port, tickTimeMs: 200, fsync: false, ...options });
}

async function stop({ pid, exited }: Server): Promise<string> {
  process.kill(pid, "SIGKILL");
  return exited;
}

describe("a server that serves", () => {
  let server: Server;

  beforeAll(async () => {
    server = await start({ tickTimeMs: 100 });
  }, 10_000);

  test("reports its version, which is that of its jars", async () => {
    expect(await server.serving()).toBe(distribution.version);
  });

  test.each(sessionTimeoutRange(100))("grants the end of its range as it is: %i ms", async (timeoutMs) => {
    const { host, port } = server.address;
    const session = await openSession({ connect: `${host}:${port}`, timeoutMs });
    const granted = session.timeoutMs;
    await session.close();
    expect(granted).toBe(timeoutMs);
  });

  test("reports its end, with the reason", async () => {
    expect(await stop(server)).toBe("SIGKILL");
  });
});

describe("a port that is taken", () => {
  test("by anything", async () => {
    const port = await getPort({ host: "127.0.0.1" });
    const listener = createServer((socket) => socket.on("error", () => undefined));
    await new Promise<void>((resolve) => listener.listen(port, "127.0.0.1", resolve));
    try {
      const starting = start({ port });
      await expect(starting).rejects.toThrow(PortTaken);
      await expect(starting).rejects.toMatchObject({
        code: "unavailable",
        message: expect.stringContaining(`port ${port} is in use`),
      });
    } finally {
      listener.close();
    }
  });

  test("by another ZooKeeper, which must not pass for our own", async () => {
    const other = await start();
    try {
      await expect(start({ port: other.address.port })).rejects.toThrow(PortTaken);
    } finally {
      await stop(other);
    }
  });
});

describe("a server that does not start", () => {
  test("is unavailable, with its own last words", async () => {
    const dataFolder = join(scratch.folder, "a-file");
    await writeFile(dataFolder, "");
    const error = await start({ dataFolder }).catch((error) => error);
    expect(error).toBeInstanceOf(LabError);
    expect(error).not.toBeInstanceOf(PortTaken);
    expect(error.code).toBe("unavailable");
    expect(error.message).toContain(`ZooKeeper ${distribution.version}`);
    expect(error.message).toMatch(/did not start: exit code \d+\n.*Unable to (access|create) data/s);
  });

  test("because its program is missing: the message says so", async () => {
    const java = join(scratch.folder, "no-java");
    const error = await start({ distribution: { ...distribution, java } }).catch((error) => error);
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({ code: "unavailable", message: expect.stringContaining("ENOENT") });
  });
});

test("when the scratch goes, so do every server and its folder, whatever became of them", async () => {
  const own = await Scratch.create();
  const dataFolder = join(own.folder, "a-file");
  await writeFile(dataFolder, "");
  await start({}, own);
  await expect(start({ dataFolder }, own)).rejects.toThrow(LabError);
  await own[Symbol.asyncDispose]();
  expect(own.remains()).toEqual({ files: 0, processes: 0 });
});

describe("whatever the machine calls its folders, and has in its environment", () => {
  /**
   * Java makes "?" of what is not ASCII; the other characters end a name in an option, on a class path or in
   * zoo.cfg.
   */
  const ODD = "gr\u00f6\u00dfe \u{1f5f3} a:b,c\"d'e%p$HOME\\u0041#f=g!*";
  let base: string;

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
    vi.stubEnv("LC_ALL", "C");
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(base, { recursive: true });
  });

  /** Starts a server and writes to it. */
  async function write(options: Partial<ServerOptions>): Promise<string> {
    await using own = await Scratch.create();
    const server = await start(options, own);
    const session = await openSession({ connect: `127.0.0.1:${server.address.port}`, timeoutMs: 4000 });
    await session.create("/written", "", "persistent");
    await session.close();
    return await server.serving();
  }

  test("its data land in the named folder, and nowhere else", async () => {
    const [temporary, home] = [join(base, `tmp ${ODD}`), join(base, `home ${ODD}`)];
    // ZooKeeper cuts off a blank at the end.
    const [dataFolder, dataLogDir] = [join(base, `data ${ODD} `), join(base, `log ${ODD}`)];
    for (const folder of [temporary, dataFolder, dataLogDir]) await mkdir(folder);
    await symlink(distribution.home, home);
    vi.stubEnv("TMPDIR", temporary);
    const odd = await findDistribution({ home });
    await write({ distribution: odd, dataFolder, settings: { dataLogDir } });
    expect(await readdir(join(dataFolder, "version-2"))).toContain("snapshot.0");
    expect(await readdir(join(dataLogDir, "version-2"))).toEqual(["log.1"]);
    expect(await readdir(temporary)).toEqual([]);
    expect((await readdir(base)).sort()).toEqual(
      [temporary, home, dataFolder, dataLogDir].map((path) => path.slice(base.length + 1)).sort(),
    );
  });

  test("the keeper and the server ignore options for other programs", async () => {
    const preload = join(base, "preload.cjs");
    await writeFile(preload, 'console.log("a line that is no message");');
    vi.stubEnv("NODE_OPTIONS", `--require=${preload}`);
    vi.stubEnv("JAVA_TOOL_OPTIONS", "-XX:+UseParallelGC '-Dzookeeper.some thing=of the users' -XX:+Nonsense");
    vi.stubEnv("JDK_JAVA_OPTIONS", "-XX:+UseParallelGC");
    vi.stubEnv("_JAVA_OPTIONS", "-XX:+NoSuchOption");
    expect(await write({ distribution: await findDistribution() })).toBe(distribution.version);
  });
});

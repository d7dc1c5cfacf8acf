/** The two commands by hand, as a reader follows them: a server in one terminal, candidates in others. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import getPort from "get-port";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bundle } from "../package-root.ts";

const program = bundle("cli.js");

/** Far more than anything here needs, and less than a test may take. */
const PATIENCE_MS = 20_000;

function launch(args: readonly string[]) {
  return execa(process.execPath, [program, ...args], {
    cwd: folder,
    env: { TMPDIR: folder },
    reject: false,
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
}

const TIME = /^\d\d:\d\d:\d\d\.\d{3} {2}/;

/** A command in a separate terminal: its output so far, and its keys. */
class Terminal {
  readonly #child: ReturnType<typeof launch>;
  readonly #lines: string[] = [];
  #listener: () => void = () => undefined;
  /** The number of lines that have been looked at. */
  #seen = 0;

  constructor(args: readonly string[]) {
    this.#child = launch(args);
    terminals.push(this);
    this.#listen().catch(() => undefined);
  }

  async #listen(): Promise<void> {
    for await (const line of this.#child) {
      this.#lines.push(String(line).replace(TIME, ""));
      if (TIME.test(String(line))) this.timed++;
      this.#listener();
    }
  }

  /** The number of its lines that begin with the time. */
  timed = 0;

  /** All of its output, without the times. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Waits for the next line that says this, after the last one that was awaited. */
  async says(words: RegExp): Promise<string> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const line = this.#lines.slice(this.#seen).find((line) => words.test(line));
      if (line !== undefined) {
        this.#seen = this.#lines.indexOf(line, this.#seen) + 1;
        return line;
      }
      if (deadline.aborted) throw new Error(`it does not say ${words}: ${this.#lines.join(" | ")}`);
      await new Promise<void>((resolve) => {
        this.#listener = resolve;
        deadline.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  /** Sends Ctrl-C, and returns its exit code. */
  async end(): Promise<number | undefined> {
    this.#child.kill("SIGINT");
    return (await this.ended()).exitCode;
  }

  async ended() {
    const { exitCode, stderr } = await this.#child;
    return { exitCode, stderr: String(stderr) };
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child;
  }
}

let folder: string;
let port: number;
const terminals: Terminal[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  port = await getPort();
});

afterEach(async () => {
  await Promise.all(terminals.splice(0).map((terminal) => terminal.kill()));
  // If one was killed, its keeper may be removing this at the same time.
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

async function startZookeeper(...args: string[]): Promise<Terminal> {
  const server = new Terminal(["zookeeper", "--port", String(port), ...args]);
  await server.says(new RegExp(`^ZooKeeper \\d+\\.\\d+\\.\\d+ serves on 127\\.0\\.0\\.1:${port};`));
  return server;
}

/** A candidate that has joined, and the name of its znode. */
async function startClient(...args: string[]): Promise<{ client: Terminal; znode: string }> {
  const connect = args.includes("--connect") ? [] : ["--connect", `127.0.0.1:${port}`];
  const client = new Terminal(["client", ...connect, ...args]);
  const line = await client.says(/^joined as /);
  return { client, znode: line.slice("joined as ".length) };
}

const leads = /^LEADS, with the token \d+$/;
const watches = (znode: string) => new RegExp(`^waits, and watches ${znode}$`);
const suspended = /^suspended: the connection is lost; does not claim to lead$/;

/** Whether it last said about itself that it leads. */
const claimsToLead = ({ lines }: Terminal) => leads.test(lines.at(-1) ?? "");

test("the leader goes, and the second one leads; one in the middle goes, and the one behind looks again", async () => {
  const server = await startZookeeper();
  const first = await startClient();
  await first.client.says(leads);
  const second = await startClient();
  await second.client.says(watches(first.znode));
  const third = await startClient();
  await third.client.says(watches(second.znode));
  const fourth = await startClient();
  await fourth.client.says(watches(third.znode));

  expect(await third.client.end()).toBe(0);
  await fourth.client.says(watches(second.znode));
  expect(claimsToLead(first.client)).toBe(true);

  expect(await first.client.end()).toBe(0);
  await second.client.says(leads);
  expect(first.client.lines.at(-1)).toBe("left the election");
  expect(claimsToLead(fourth.client)).toBe(false);

  await second.client.end();
  await fourth.client.says(leads);
  await fourth.client.end();
  expect(await server.end()).toBe(0);
  expect(server.lines.at(-1)).toBe("the server has ended");
  expect(await readdir(folder)).toEqual([]);
});

describe("three servers", () => {
  const isFree = (one: number) =>
    new Promise<boolean>((resolve) => {
      const probe = createServer()
        .once("error", () => resolve(false))
        .listen(one, "127.0.0.1", () => probe.close(() => resolve(true)));
    });

  beforeEach(async () => {
    for (let tries = 0; tries < 10; tries++) {
      const free = await Promise.all([port, port + 1, port + 2].map(isFree));
      if (!free.includes(false)) return;
      port = await getPort();
    }
  });

  async function startThree(): Promise<{ servers: Terminal; connect: string; pids: number[] }> {
    const args = ["--servers", "3", "--data", "data", "--port", String(port)];
    const servers = new Terminal(["zookeeper", ...args]);
    await servers.says(/^ZooKeeper \d+\.\d+\.\d+ serves on 3 servers; their data is in data$/);
    const pids: number[] = [];
    for (const one of [port, port + 1, port + 2]) {
      const line = await servers.says(
        new RegExp(`^ {2}127\\.0\\.0\\.1:${one} {2}(leader|follower) +pid \\d+$`),
      );
      pids.push(Number(/\d+$/.exec(line)?.[0]));
    }
    const says = await servers.says(/^clients connect with --connect /);
    return { servers, connect: says.slice(says.indexOf("127.")), pids };
  }

  test("elect a leader, outlive one of them, and come back with their data", async () => {
    const first = await startThree();
    expect(first.connect).toBe([port, port + 1, port + 2].map((one) => `127.0.0.1:${one}`).join());
    const one = await startClient("--connect", first.connect);
    await one.client.says(leads);
    process.kill(Number(first.pids[1]), "SIGKILL");
    await first.servers.says(new RegExp(`^127\\.0\\.0\\.1:${port + 1} has ended: SIGKILL$`));
    expect(await one.client.end()).toBe(0);
    expect(await first.servers.end()).toBe(0);
    expect(first.servers.lines.at(-1)).toBe("the servers have ended");
    expect(first.servers.lines.filter((line) => line.includes("has ended"))).toHaveLength(1);

    const again = await startThree();
    const { znode } = await startClient("--connect", again.connect);
    expect(znode).toMatch(/-c-0000000001$/);
  });

  test("need three ports that follow each other", async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(port + 2, "127.0.0.1", done));
    const servers = new Terminal(["zookeeper", "--servers", "3", "--port", String(port)]);
    expect(await servers.ended()).toEqual({
      exitCode: 69,
      stderr: `--port ${port}: something already listens on ${port + 2}; name another --port`,
    });
    taken.close();
  });
});

test("the server ends: nobody claims to lead; it comes back with its data: the same one leads again", async () => {
  const data = ["--data", "data"];
  // Longer than the server needs to come back; the native client tries again after a third of it.
  const timeout = ["--session-timeout", "15000"];
  const server = await startZookeeper(...data);
  const first = await startClient(...timeout);
  await first.client.says(leads);
  const second = await startClient(...timeout);
  await second.client.says(watches(first.znode));
  const third = await startClient(...timeout);
  await third.client.says(watches(second.znode));
  const clients = [first.client, second.client, third.client];

  expect(await server.end()).toBe(0);
  for (const client of clients) await client.says(suspended);
  expect(clients.filter(claimsToLead)).toEqual([]);

  await startZookeeper(...data);
  await first.client.says(leads);
  await second.client.says(watches(first.znode));
  await third.client.says(watches(second.znode));
  expect(clients.filter(claimsToLead)).toEqual([first.client]);
});

test("the server comes back without its data: new sessions, and exactly one leads", async () => {
  // Two of the server's ticks: the least that it grants.
  const timeout = ["--session-timeout", "4000"];
  const server = await startZookeeper();
  const first = await startClient(...timeout);
  await first.client.says(leads);
  const second = await startClient(...timeout);
  await second.client.says(watches(first.znode));

  await server.end();
  const clients = [first.client, second.client];
  for (const client of clients) await client.says(suspended);
  await startZookeeper();
  for (const client of clients) {
    await client.says(/^suspended for 4000 ms: giving this session up$/);
    await client.says(/^opens a new session$/);
    await client.says(/^joined as /);
    await client.says(/^LEADS|^waits, and watches/);
  }
  expect(clients.filter(claimsToLead)).toHaveLength(1);
});

test("a client whose server is gone leaves at once, and says what happens to its znode", async () => {
  const server = await startZookeeper();
  const { client } = await startClient();
  await client.says(leads);
  await server.end();
  await client.says(suspended);
  expect(await client.end()).toBe(0);
  expect(client.lines.at(-1)).toBe("left; its znode goes when its session times out");
});

test("under another scheme, in an election of another name below a chroot that is not there yet", async () => {
  await startZookeeper();
  const election = ["--election", "services/mail", "--scheme", "leader"];
  const below = ["--connect", `127.0.0.1:${port}/team`];
  const first = await startClient(...below, ...election);
  await first.client.says(leads);
  expect(first.znode).toMatch(/^\/team\/services\/mail\/[0-9a-f]{32}-c-0000000000$/);
  const second = await startClient(...below, ...election);
  await second.client.says(watches(first.znode));
  // The whole path without the chroot gives the same election. The leader is watched, not the one before.
  const third = await startClient("--election", "/team/services/mail", "--scheme", "leader");
  await third.client.says(watches(first.znode));
});

test("as an heir the second one knows that the first one leads; the third one becomes the next heir", async () => {
  await startZookeeper();
  const first = await startClient("--scheme", "heir");
  await first.client.says(leads);
  const isHeirOf = (znode: string) => new RegExp(`^waits as the heir of ${znode}, which leads$`);
  const second = await startClient("--scheme", "heir");
  await second.client.says(isHeirOf(first.znode));
  const third = await startClient("--scheme", "heir");
  await third.client.says(watches(second.znode));
  expect(await first.client.end()).toBe(0);
  await second.client.says(leads);
  await third.client.says(isHeirOf(second.znode));
});

test("under a user's own scheme, from a file", async () => {
  await writeFile(
    join(folder, "herd.ts"),
    `import type { Scheme } from "zk-election-lab";
     export const scheme: Scheme = {
       name: "herd", watchesChildren: false, notifications: ({ contenders }) => contenders - 1,
       decide: ({ contenders: [oldest], position }) =>
         position === 0 || !oldest ? { type: "lead" } : { type: "watch", contender: oldest },
     };`,
  );
  await startZookeeper();
  const first = await startClient("--scheme", "./herd.ts");
  await first.client.says(leads);
  for (let waiting = 0; waiting < 2; waiting++) {
    const { client } = await startClient("--scheme", "./herd.ts");
    await client.says(watches(first.znode));
  }
});

test("every line shows the time, and a later leader has a higher token", async () => {
  await startZookeeper();
  const first = await startClient();
  const token = (line: string) => Number(/\d+$/.exec(line)?.[0]);
  const before = token(await first.client.says(leads));
  const second = await startClient();
  await second.client.says(watches(first.znode));
  expect(await first.client.end()).toBe(0);
  expect(token(await second.client.says(leads))).toBeGreaterThan(before);
  for (const { client } of [first, second]) expect(client.timed).toBe(client.lines.length);
});

test("a scheme that never decides: exit 64 with its name, and the client leaves nothing", async () => {
  await writeFile(
    join(folder, "dithers.js"),
    `export const scheme = {
       name: "dithers", watchesChildren: false, notifications: () => 0, decide() { for (;;); },
     };`,
  );
  await startZookeeper();
  const { client } = await startClient("--scheme", "./dithers.js");
  expect(await client.ended()).toEqual({
    exitCode: 64,
    stderr: "--scheme ./dithers.js: scheme.decide has not returned within 3 s",
  });
  const next = await startClient();
  await next.client.says(leads);
});

describe("a server that cannot start", () => {
  let taken: Server;

  beforeEach(async () => {
    taken = createServer();
    await new Promise<void>((done) => taken.listen(port, "127.0.0.1", done));
  });

  afterEach(() => {
    taken.close();
  });

  test("its port is in use: exit 69, and the message names --port", async () => {
    const server = new Terminal(["zookeeper", "--port", String(port)]);
    expect(await server.ended()).toEqual({
      exitCode: 69,
      stderr: `--port ${port}: something already listens there; name another --port`,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test("its data would have to lie in a file: exit 64", async () => {
    await writeFile(join(folder, "file"), "");
    const server = new Terminal(["zookeeper", "--port", String(await getPort()), "--data", "file"]);
    const { exitCode, stderr } = await server.ended();
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/^--data file: cannot be written to \(.*\); name another folder$/);
  });
});

describe("a client without a server", () => {
  test("nobody listens: exit 69, and the message says how to start one", async () => {
    const client = new Terminal(["client", "--connect", `127.0.0.1:${port}`]);
    const { exitCode, stderr } = await client.ended();
    expect(exitCode).toBe(69);
    expect(stderr).toMatch(
      /^--connect .*: no server answers \(.*ECONNREFUSED.*\); start one with: yarn start:zookeeper --port \d+$/,
    );
  });

  test("a host that does not resolve: exit 69", async () => {
    // RFC 6761: never resolves.
    const client = new Terminal(["client", "--connect", "zk.invalid"]);
    const { exitCode, stderr } = await client.ended();
    expect(exitCode).toBe(69);
    expect(stderr).toMatch(/^--connect zk\.invalid:2181: no server answers .*; check the address$/);
  });

  test("a port that accepts and never answers: exit 69 within 15 s", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((done) => silent.listen(port, "127.0.0.1", done));
    const start = performance.now();
    const client = new Terminal(["client", "--connect", `127.0.0.1:${port}`]);
    const { exitCode, stderr } = await client.ended();
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(exitCode).toBe(69);
    expect(stderr).toMatch(/no server answers/);
    silent.close();
  });
});

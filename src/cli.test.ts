/** The program itself, as a person or a script runs it. */
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import getPort from "get-port";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { findDistribution } from "./ensemble/distribution.ts";
import type { Ensemble } from "./ensemble/ensemble.ts";
import { ask } from "./ensemble/four-letter-word.ts";
import { startLocal } from "./ensemble/local.ts";
import { Scratch } from "./ensemble/scratch.ts";
import { startServer } from "./ensemble/server.ts";
import type { Result } from "./export/result.ts";
import { bundle } from "./installation.ts";
import { openSession } from "./zookeeper/open-session.ts";

const root = join(import.meta.dirname, "..");
const program = bundle("cli.js");

let base: string;
/** The program's working folder: by default, runs are saved here. */
let folder: string;
/** The folder for all temporary files; its name is in the command line of every started process. */
let temporary: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  folder = join(base, "here");
  temporary = join(base, "tmp");
  await mkdir(folder);
  await mkdir(temporary);
});

afterEach(async () => {
  for (const pid of await started()) process.kill(pid, "SIGKILL");
  await rm(base, { recursive: true, force: true });
});

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return execa(process.execPath, [program, ...args], {
    cwd: folder,
    env: { TMPDIR: temporary, NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
    reject: false,
    timeout: 150_000,
    killSignal: "SIGKILL",
  });
}

const lab = (line: string, env?: NodeJS.ProcessEnv) => run(["lab", ...line.split(" ")], env);

/** The processes that work in this test's temporary folder: keepers and servers. */
async function started(what = ""): Promise<number[]> {
  const { stdout } = await execa("ps", ["-A", "-ww", "-o", "pid=,args="]);
  const ours = stdout.split("\n").filter((line) => line.includes(temporary) && line.includes(what));
  return ours.map((line) => Number.parseInt(line, 10));
}

async function expectNothingLeft(): Promise<void> {
  expect(await started()).toEqual([]);
  expect(await readdir(temporary)).toEqual([]);
}

async function until(what: string, withinMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(20);
  }
}

async function saved(path: string): Promise<Result> {
  return JSON.parse(await readFile(join(path, "result.json"), "utf8")) as Result;
}

const verdictsOf = (result: Result) =>
  result.trials.map(({ verdicts }) => Object.values(verdicts).map(({ valid }) => valid));

describe("wrong usage", () => {
  /** A program that tries to start anything finds no Java and no temporary folder here, and exits otherwise. */
  const nothingToStartWith = () => ({ PATH: "", JAVA_HOME: undefined, TMPDIR: join(base, "missing") });

  // What else is refused, and with which words, the tests of the options tell.
  test.each([
    ["--candidates 0", "--candidates 0: give a whole number from 2 to 10000"],
    ["--candidates 9999", "--candidates 9999: "],
  ])("%s: exit 64, and nothing was started", async (line, words) => {
    const { exitCode, stdout, stderr } = await lab(line, nothingToStartWith());
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(stderr.startsWith(words)).toBe(true);
    // A message for a person: no stack, no second line.
    expect(stderr).not.toContain("\n");
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ["a folder that holds something", "full", /^--out full: the folder is not empty; name a new one$/],
    ["a folder under a file", "full/file/run", /^--out full\/file\/run: cannot be written to \(ENOTDIR/],
    ["a folder that cannot be written to", "closed/run", /^--out closed\/run: cannot be written to \(E/],
  ])("--out names %s: exit 64 with the reason", async (_what, out, words) => {
    // Root may write anywhere, except to what no disk can hold.
    const name = process.getuid?.() === 0 && out.startsWith("closed") ? "x".repeat(300) : out;
    await mkdir(join(folder, "full"));
    await writeFile(join(folder, "full", "file"), "precious");
    await mkdir(join(folder, "closed"), { mode: 0o500 });
    const { exitCode, stderr } = await lab(`--out ${name}`, nothingToStartWith());
    await chmod(join(folder, "closed"), 0o700);
    expect(exitCode).toBe(64);
    expect(stderr.replaceAll(name, out)).toMatch(words);
    expect((await readdir(folder)).sort()).toEqual(["closed", "full"]);
    expect(await readFile(join(folder, "full", "file"), "utf8")).toBe("precious");
  });

  test("--zookeeper-home without a server: exit 64, and nothing is left", async () => {
    const { exitCode, stderr } = await lab(`--zookeeper-home ${folder}`);
    expect(exitCode).toBe(64);
    expect(stderr).toContain(`--zookeeper-home ${folder}: no ZooKeeper server there`);
    expect(await readdir(folder)).toEqual([]);
    await expectNothingLeft();
  });

  test("no command, or an unknown one: exit 64", async () => {
    expect(await run(["labor"])).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining("labor: unknown"),
    });
    expect(await run([])).toMatchObject({ exitCode: 64 });
  });
});

describe("no server", () => {
  let silent: Server;
  const sockets = new Set<Socket>();

  beforeAll(async () => {
    silent = createServer((socket) => sockets.add(socket));
    await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  });

  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  async function expectUnavailable(env: NodeJS.ProcessEnv, args: string[], words: RegExp): Promise<void> {
    const start = performance.now();
    const { exitCode, stdout, stderr } = await run(["lab", "--quiet", ...args], env);
    expect(performance.now() - start).toBeLessThan(15_000);
    expect({ exitCode, stdout }).toEqual({ exitCode: 69, stdout: "" });
    expect(stderr).toMatch(words);
    expect(await readdir(folder)).toEqual([]);
    await expectNothingLeft();
  }

  test("--connect to a closed port: exit 69", async () => {
    const connect = `127.0.0.1:${await getPort()}`;
    await expectUnavailable({}, ["--connect", connect], /^--connect .*: no server answers \(.*ECONNREFUSED/);
  });

  test("--connect to a host that does not resolve: exit 69", async () => {
    // RFC 6761: never resolves.
    await expectUnavailable(
      {},
      ["--connect", "zk.invalid:2181"],
      /^--connect zk.invalid:2181: .*zk\.invalid/,
    );
  });

  test("--connect to a port that accepts and never answers: exit 69", async () => {
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : undefined;
    await expectUnavailable(
      {},
      ["--connect", `127.0.0.1:${port}`],
      /^--connect 127\.0\.0\.1:\d+: no server answers \(.* within \d+ ms\)/,
    );
  });

  // Homebrew's Java is found without a PATH.
  test.skipIf(process.platform === "darwin")("no Java: exit 69", async () => {
    await expectUnavailable(
      { PATH: "", JAVA_HOME: undefined },
      [],
      /^no Java 11 or newer found; install one/,
    );
  });
});

describe("a small run", () => {
  test("exit 0, a plain table in a pipe, and the run in a folder of its own", async () => {
    const { exitCode, stdout, stderr } = await lab("--candidates 5 --failovers 3", { FORCE_COLOR: "1" });
    expect(exitCode).toBe(0);
    const [name = ""] = await readdir(join(folder, "runs"));
    expect(name).toMatch(/^\d{4}-\d\d-\d\dT[\d-]+Z-lab$/);
    // The warnings about a machine differ; the warning that three failovers are few is always there.
    const warnings = stdout.split("\n").filter((line) => line.startsWith("! "));
    expect(warnings).toContainEqual(expect.stringContaining("! too-few-samples: 3 failovers measured"));
    expect(stdout.split("\n")).toEqual([
      expect.stringMatching(
        /^ZooKeeper \d+\.\d+\.\d+ · tick 200 ms · fsync · Node [\d.]+ · \d+ cores · seed 1$/,
      ),
      expect.stringMatching(
        /^scheme +N +fault +p50 +95 % +p90 +p99 +max +spread +woken +reads +settled +verdicts$/,
      ),
      expect.stringMatching(/^predecessor +5 +resign +[\d.]+ .* +1 +1 +[\d.]+ +all valid$/),
      expect.stringMatching(/^leader +5 +resign +[\d.]+ .* +4 +4 +[\d.]+ +all valid$/),
      expect.stringMatching(/^heir +5 +resign +[\d.]+ .* +1 +0 +[\d.]+ +all valid$/),
      expect.stringMatching(/^p50, p90, p99, max in ms/),
      expect.stringMatching(/^With 5 candidates, watching the leader woke 4 candidates per failover, .*\.$/),
      expect.stringMatching(/^With 5 candidates, the scheme heir woke 1 candidate per failover, as .*\.$/),
      ...warnings,
      `saved in runs/${name}`,
      `report: runs/${name}/report.html`,
    ]);
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(
        /^trial 1\/3: predecessor, 5 candidates, resign: completed, failover p50 [\d.]+ ms$/,
      ),
      expect.stringMatching(/^trial 2\/3: leader, 5 candidates, resign: completed, failover p50 [\d.]+ ms$/),
      expect.stringMatching(/^trial 3\/3: heir, 5 candidates, resign: completed, failover p50 [\d.]+ ms$/),
    ]);
    expect((await readdir(join(folder, "runs", name))).sort()).toEqual([
      "history.jsonl.gz",
      "report.html",
      "result.json",
    ]);
    expect((await saved(join(folder, "runs", name))).run).toMatchObject({
      state: "completed",
      argv: ["lab", "--candidates", "5", "--failovers", "3"],
      plannedTrials: 3,
    });
    await expectNothingLeft();
  });

  test("--json prints what is saved and nothing else; --quiet says nothing", async () => {
    const { exitCode, stdout, stderr } = await lab(
      "--candidates 2 --failovers 2 --scheme predecessor --no-fsync --out out --json --quiet",
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(`${stdout}\n`).toBe(await readFile(join(folder, "out", "result.json"), "utf8"));
    const result = JSON.parse(stdout) as Result;
    expect(result).toMatchObject({
      schema: "zk-election-lab/result@1",
      run: { state: "completed" },
      environment: { server: { embedded: true, forceSync: false } },
      trials: [{ scheme: "predecessor", candidates: 2, state: "completed" }],
    });
    expect(result.trials[0]?.failovers).toHaveLength(2);
  });

  test("--no-fence shows the harm: exit 1, and the verdict says which", async () => {
    const { exitCode, stdout } = await lab(
      "--candidates 3 --failovers 1 --scheme predecessor --fault freeze --session-timeout 500 --no-fence --quiet --out out",
    );
    expect(stdout).toMatch(/fencing FALSE: candidate \d .* the fence was off/s);
    expect(stdout).toContain("1 stale write tried, 1 accepted, as the fence was off.");
    expect(exitCode).toBe(1);
  });

  test.each(["--help", "--version"])("%s is printed to stdout: exit 0", async (word) => {
    const { exitCode, stdout, stderr } = await lab(word);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).not.toBe("");
  });
});

/** A run of so many failovers that it does not end by itself, in the middle of them. */
async function amidFailovers(options = "--failovers 10000"): Promise<{ child: ReturnType<typeof lab> }> {
  const child = lab(`--candidates 3 --scheme predecessor,leader --tick-time 100 --out out ${options}`);
  await until("failovers go on", 30_000, async () => {
    const [configuration] = await configurations();
    const port = Number(/^clientPort=(\d+)$/m.exec(configuration ?? "")?.[1] ?? 0);
    // A server that is just starting may accept a connection and never answer it.
    const answer =
      port === 0 ? "" : await ask({ host: "127.0.0.1", port }, "srvr", { awakeMs: 200 }).catch(() => "");
    // Each failover deletes a contender and creates one.
    return Number(/^Zxid: (\w+)$/m.exec(answer)?.[1] ?? 0) > 60;
  });
  // Wrapped in an object: awaiting a child means waiting for its end.
  return { child };
}

async function configurations(): Promise<string[]> {
  // A file may go while it is being looked at.
  const all = await readdir(temporary, { recursive: true }).catch(() => []);
  const files = all.filter((file) => file.endsWith("zoo.cfg"));
  return Promise.all(files.map((file) => readFile(join(temporary, file), "utf8")));
}

describe("an interrupted run", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s: exit 130, and what there is is judged and saved",
    async (signal) => {
      const { child } = await amidFailovers();
      child.kill(signal);
      const { exitCode, stdout, stderr } = await child;
      expect(exitCode).toBe(130);
      expect(stderr).toContain("interrupted: ending in order");
      expect(stdout).toMatch(/^predecessor +3 +resign +[\d.]+ .* +1 +1 +[\d.]+ +(all valid|\? unknown)$/m);
      expect(stdout).toMatch(/^Interrupted: .*\nsaved in out\nreport: out\/report\.html$/m);

      const result = await saved(join(folder, "out"));
      expect(result.run.state).toBe("interrupted");
      expect(result.trials).toMatchObject([
        { scheme: "predecessor", state: "aborted", reason: "interrupted" },
      ]);
      const [trial] = result.trials;
      expect(trial?.failovers.length).toBeGreaterThan(10);
      expect(trial?.summary.failoverMs?.n).toBeGreaterThan(10);
      expect(trial?.verdicts).toMatchObject({
        singleLeader: { valid: true },
        succession: { valid: true },
        cleanup: { valid: true },
      });
      expect(verdictsOf(result).flat()).not.toContain(false);
      expect(existsSync(join(folder, "out", "history.jsonl.gz"))).toBe(true);
      await expectNothingLeft();
    },
  );

  test("SIGINT while a candidate is cut off from its server: all leave at once, and nothing is left", async () => {
    const { child } = await amidFailovers(
      "--fault partition --session-timeout 6000 --delay 5 --failovers 10000",
    );
    const start = performance.now();
    child.kill("SIGINT");
    expect((await child).exitCode).toBe(130);
    expect(performance.now() - start).toBeLessThan(10_000);
    const { trials } = await saved(join(folder, "out"));
    expect(trials).toMatchObject([{ delay: "5ms", network: { between: ["candidates-and-servers"] } }]);
    expect(trials[0]?.verdicts.cleanup).toEqual({ valid: true });
    await expectNothingLeft();
  });

  test("SIGKILL: its server and its temporary folder are gone within 2 s, and the file says interrupted", async () => {
    const { child } = await amidFailovers();
    // The keeper and the server.
    expect(await started()).toHaveLength(2);
    child.kill("SIGKILL");
    await child;
    await until("no process is left", 2000, async () => (await started()).length === 0);
    await until("no file is left", 2000, async () => (await readdir(temporary)).length === 0);
    expect((await saved(join(folder, "out"))).run.state).toBe("interrupted");
  });
});

test("a run that is suspended goes on with the later trials, and says what it has lost", async () => {
  const { child } = await amidFailovers("--failovers 150 --session-timeout 1500");
  child.kill("SIGSTOP");
  // All sessions of the trial expire.
  await delay(2500);
  child.kill("SIGCONT");
  const { exitCode, stdout, stderr } = await child;
  expect(stderr).not.toContain("internal error");
  const result = await saved(join(folder, "out"));
  expect(result.trials).toMatchObject([
    { scheme: "predecessor", state: "aborted", reason: expect.stringContaining("the lab was suspended") },
    { scheme: "leader", state: "completed" },
  ]);
  const [lost, next] = result.trials;
  expect(verdictsOf(result).flat()).not.toContain(false);
  // Failovers finished before count, and nothing that waited for the lab to go on.
  expect(lost?.failovers.length).toBeGreaterThan(5);
  expect(lost?.failovers.map(({ end }) => end)).not.toContain("aborted");
  expect(Math.max(...(lost?.failovers ?? []).map(({ totalMs }) => totalMs ?? 0))).toBeLessThan(2500);
  expect(next?.failovers).toHaveLength(150);
  expect({ exitCode, state: result.run.state }).toEqual({ exitCode: 130, state: "interrupted" });
  expect(stdout).toContain("predecessor, 3 candidates, resign: aborted, the lab was suspended");
  await expectNothingLeft();
});

test("a server that ends for good: the later trials are named with the reason, and there is a table", async () => {
  const { child } = await amidFailovers();
  const [server] = await started("QuorumPeerMain");
  if (server === undefined) throw new Error("there is a server");
  process.kill(server, "SIGKILL");
  const { exitCode, stdout } = await child;
  expect([69, 70]).toContain(exitCode);
  expect(stdout).toMatch(/^predecessor +3 +resign +[\d.]+ /m);
  expect(stdout).toMatch(
    /^leader, 3 candidates, resign: errored, it did not begin: .* ended by itself: SIGKILL$/m,
  );
  expect((await saved(join(folder, "out"))).trials.map(({ state }) => state)).toEqual(["errored", "errored"]);
  await expectNothingLeft();
});

describe("on an ensemble of one's own", () => {
  let scratch: Scratch;
  let ensemble: Ensemble;

  beforeAll(async () => {
    vi.stubEnv("JAVA_TOOL_OPTIONS", "-Dzookeeper.enforceQuota=true");
    scratch = await Scratch.create();
    ensemble = await startLocal(scratch, { tickTimeMs: 100, fsync: false, runId: "somebody-elses" });
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await ensemble?.close();
    await scratch?.[Symbol.asyncDispose]();
  });

  test.each([
    ["no chroot", "", "/zk-election-lab"],
    ["a chroot", "/lab", "/"],
  ])("with %s, the run leaves nothing on it", async (_name, chroot, parent) => {
    const before = await ensemble.session.children(parent);
    const { exitCode, stdout } = await lab(
      `--connect ${ensemble.connect}${chroot} --candidates 3 --failovers 2 --scheme predecessor`,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ZooKeeper [\d.]+ · your own ensemble · Node/);
    expect(stdout).toMatch(/^predecessor +3 +resign .* all valid$/m);
    expect(await ensemble.session.children(parent)).toEqual(before);
    await expectNothingLeft();
  });

  /** Three candidates of a run that was not there before. */
  async function untilAllStand(before: readonly string[] | undefined): Promise<void> {
    await until("candidates are there", 20_000, async () => {
      const runs = (await ensemble.session.children("/zk-election-lab")) ?? [];
      const election = `/zk-election-lab/${runs.find((name) => !before?.includes(name))}/election-1`;
      return (await ensemble.session.children(election))?.length === 3;
    });
  }

  test("an interrupted one does not, either", async () => {
    const before = await ensemble.session.children("/zk-election-lab");
    const child = lab(`--connect ${ensemble.connect} --candidates 3 --failovers 10000 --out out`);
    await untilAllStand(before);
    child.kill("SIGINT");
    expect((await child).exitCode).toBe(130);
    expect(await ensemble.session.children("/zk-election-lab")).toEqual(before);
    await expectNothingLeft();
  });

  test.each([
    ["SIGTERM, which yarn passes on", ["SIGTERM"]],
    ["SIGTERM, once more", ["SIGTERM"]],
    ["SIGINT and SIGTERM at once", ["SIGINT", "SIGTERM"]],
  ] as const)(
    "%s, to yarn's whole group: one signal, so that the run ends in order",
    async (_how, signals) => {
      const before = await ensemble.session.children("/zk-election-lab");
      const yarn = join(root, ".yarn", "releases", "yarn-4.18.1.cjs");
      const out = join(folder, "out");
      const line = `lab --connect ${ensemble.connect} --candidates 3 --failovers 10000 --scheme predecessor`;
      const child = execa(process.execPath, [yarn, ...line.split(" "), "--out", out], {
        cwd: root,
        env: { TMPDIR: temporary },
        detached: true,
        reject: false,
        timeout: 150_000,
      });
      await untilAllStand(before);
      for (const signal of signals) process.kill(-(child.pid ?? 0), signal);
      const { exitCode, stdout } = await child;
      expect(exitCode).toBe(130);
      expect(stdout).toContain("Interrupted: these are the results so far.");
      expect((await readdir(out)).sort()).toEqual(["history.jsonl.gz", "report.html", "result.json"]);
      expect(await ensemble.session.children("/zk-election-lab")).toEqual(before);
      await expectNothingLeft();
    },
  );

  /** A chroot below which this many znodes fit. */
  async function chrootFor(name: string, znodes: number): Promise<string> {
    const { session } = ensemble;
    const quota = `/zookeeper/quota/${name}`;
    await session.create(`/${name}`, "", "persistent");
    await session.create(quota, "", "persistent");
    const limits = `count=${znodes + 1},countHardLimit=${znodes + 1}`;
    await session.create(`${quota}/zookeeper_limits`, limits, "persistent");
    await session.create(`${quota}/zookeeper_stats`, "count=1,bytes=0", "persistent");
    return `/${name}`;
  }

  test("a quota that is used up before the first candidate: exit 64, one sentence, nothing left", async () => {
    // Enough for the run, its coordinator and the election, but not for leaders' writes.
    const chroot = await chrootFor("beginning", 3);
    const { exitCode, stdout, stderr } = await lab(
      `--connect ${ensemble.connect}${chroot} --candidates 3 --failovers 1 --fault freeze --session-timeout 500 --quiet`,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(stderr).toMatch(
      /^--connect .*\/beginning: the quota of a znode above is used up: .*; raise it, or .*$/,
    );
    expect(await ensemble.session.children(chroot)).toEqual([]);
  });

  test("a quota that the candidates use up: exit 69, with the reason in the table, and nothing left", async () => {
    const chroot = await chrootFor("joining", 4);
    const { exitCode, stdout, stderr } = await lab(
      `--connect ${ensemble.connect}${chroot} --candidates 3 --failovers 1 --scheme predecessor --quiet --out out`,
    );
    expect(stdout).toMatch(
      /^predecessor, 3 candidates, resign: errored, the quota of a znode above is used up/m,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 69, stderr: "" });
    expect((await saved(join(folder, "out"))).trials[0]).toMatchObject({
      state: "errored",
      blame: "ensemble",
    });
    expect(await ensemble.session.children(chroot)).toEqual([]);
  });

  test("more candidates than may connect, where it does not tell its limit: exit 69, soon, with its name", async () => {
    const port = await getPort();
    await startServer(scratch, {
      distribution: await findDistribution(),
      port,
      tickTimeMs: 100,
      fsync: false,
      settings: { maxClientCnxns: 6, "4lw.commands.whitelist": "srvr" },
    });
    const start = performance.now();
    const { exitCode, stdout } = await lab(
      `--connect 127.0.0.1:${port} --candidates 9 --failovers 1 --scheme predecessor --quiet`,
    );
    // A server counts a connection a moment after it has accepted it, so one too many may slip in.
    expect(stdout).toMatch(
      /resign: errored, [56] candidates have joined, and the servers hang up .* maxClientCnxns/s,
    );
    expect(exitCode).toBe(69);
    // It was 36 s when each of them waited for its own deadline.
    expect(performance.now() - start).toBeLessThan(20_000);
    await using session = await openSession({ connect: `127.0.0.1:${port}`, timeoutMs: 4000 });
    expect(await session.children("/")).toEqual(["zookeeper"]);
  });

  test("a run that may not remove its znode: the table, and what is left, once; exit 64", async () => {
    await using session = await openSession({ connect: ensemble.connect, timeoutMs: 4000 });
    await session.create("/kept", "", "persistent");
    await session.setAcl("/kept", [{ permissions: 31 - 8, scheme: "world", id: "anyone" }]);
    const { exitCode, stdout, stderr } = await lab(
      `--connect ${ensemble.connect}/kept --candidates 3 --failovers 2 --scheme predecessor --quiet --out out`,
    );
    expect(stdout).toMatch(/^predecessor +3 +resign .* all valid$/m);
    const [child] = (await session.children("/kept")) ?? [];
    expect(stderr).toMatch(/^--connect \S+\/kept: (\S+) is left behind, since .*: deleteall \1$/);
    expect(stderr).toContain(`/kept/${child} is left behind`);
    expect(exitCode).toBe(64);
    expect((await saved(join(folder, "out"))).run.state).toBe("completed");
  });

  /** A server that nobody watches over, and a run on it whose candidates stand. */
  async function doomed() {
    const port = await getPort();
    const distribution = await findDistribution();
    const { pid } = await startServer(scratch, { distribution, port, tickTimeMs: 100, fsync: false });
    const child = lab(
      `--connect 127.0.0.1:${port} --candidates 3 --failovers 10000 --scheme predecessor --quiet --out out`,
    );
    await until("something was measured", 20_000, async () => {
      await using session = await openSession({ connect: `127.0.0.1:${port}`, timeoutMs: 4000 });
      const [run] = (await session.children("/zk-election-lab")) ?? [];
      return (await session.children(`/zk-election-lab/${run}/election-1`))?.length === 3;
    });
    // A failover takes some 20 ms with everything around it.
    await delay(500);
    return { pid, connect: `127.0.0.1:${port}`, child };
  }

  const leftOnce =
    /^--connect \S+: (\/zk-election-lab\/\S+) is left behind, since (.*); if .*: deleteall \1; delete \/zk-election-lab$/;

  test("servers that die for good: the table, and what is left, once; exit 69", async () => {
    const { pid, child } = await doomed();
    process.kill(pid, "SIGKILL");
    const { exitCode, stdout, stderr } = await child;
    expect(stdout).toMatch(/^predecessor +3 +resign /m);
    expect(leftOnce.exec(stderr)?.[2]).toBe("no server answered when it was to be removed");
    expect(exitCode).toBe(69);
  });

  test("an ACL that comes in the middle: the table, and what is left, once", async () => {
    const { connect, child } = await doomed();
    await using session = await openSession({ connect, timeoutMs: 4000 });
    const [run] = (await session.children("/zk-election-lab")) ?? [];
    await session.setAcl(`/zk-election-lab/${run}`, [{ permissions: 31 - 8, scheme: "world", id: "anyone" }]);
    child.kill("SIGINT");
    const { exitCode, stdout, stderr } = await child;
    expect(stdout).toMatch(/^predecessor +3 +resign /m);
    expect(leftOnce.exec(stderr)?.[2]).toContain("the ensemble did not let it be removed");
    expect(exitCode).toBe(130);
    expect((await saved(join(folder, "out"))).trials[0]?.verdicts.cleanup).toEqual({
      valid: "unknown",
      reason: expect.stringContaining("znodes"),
    });
  });

  test("a run that is ended at once says what it leaves", async () => {
    const { pid, child } = await doomed();
    process.kill(pid, "SIGSTOP");
    try {
      child.kill("SIGINT");
      await delay(1200);
      child.kill("SIGINT");
      const { stderr } = await child;
      expect(leftOnce.exec(stderr)?.[2]).toBe("the lab ended at once");
    } finally {
      process.kill(pid, "SIGCONT");
    }
  });

  test("a session timeout that it does not grant: exit 64, before anything is made on it", async () => {
    const before = await ensemble.session.children("/zk-election-lab");
    const { exitCode, stderr } = await lab(`--connect ${ensemble.connect} --session-timeout 100`);
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/^--session-timeout 100: the ensemble grants 200 ms instead/);
    expect(await ensemble.session.children("/zk-election-lab")).toEqual(before);
    expect(await readdir(folder)).toEqual([]);
  });
});

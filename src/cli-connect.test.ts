/** Runs of the program on an ensemble that is not its own. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import getPort from "get-port";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { findDistribution } from "./ensemble/distribution.ts";
import type { Ensemble } from "./ensemble/ensemble.ts";
import { startLocal } from "./ensemble/local.ts";
import { Scratch } from "./ensemble/scratch.ts";
import { startServer } from "./ensemble/server.ts";
import {
  expectNothingLeft,
  folder,
  lab,
  runsInFoldersOfTheirOwn,
  saved,
  temporary,
  until,
} from "./testing/program-run.ts";
import { openSession } from "./zookeeper/open-session.ts";

const root = join(import.meta.dirname, "..");

runsInFoldersOfTheirOwn();

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
      `--connect 127.0.0.1:${port} --candidates 16 --failovers 1 --scheme predecessor --quiet`,
    );
    // A server counts a connection a moment after it has accepted it, so of those that start together, eight at
    // a time, some too many may slip in.
    expect(stdout).toMatch(
      /resign: errored, ([5-9]|1[0-3]) candidates have joined, and the servers hang up .* maxClientCnxns/s,
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
    // The znode is a container: the server may have removed it by now.
    expect(stderr).toMatch(/^--connect \S+\/kept: (\/kept\/\S+-lab) is left behind, since .*: deleteall \1$/);
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

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { makeProgram } from "../testing/program.ts";
import type { Address } from "../zookeeper/connect-string.ts";
import { ask, versionOf } from "./four-letter-word.ts";
import { Scratch } from "./scratch.ts";

/**
 * A process that holds a scratch with a server and reports where they are. Ctrl-C makes it start another server
 * and report whether it could; the end of its standard input makes it let go.
 */
const OWNER = `
  import getPort from "get-port";
  import { findDistribution } from "./ensemble/distribution.ts";
  import { Scratch } from "./ensemble/scratch.ts";
  import { startServer } from "./ensemble/server.ts";

  async function main() {
    const distribution = await findDistribution();
    const scratch = await Scratch.create();
    const start = async () => {
      const port = await getPort({ host: "127.0.0.1" });
      return startServer(scratch, { distribution, port, tickTimeMs: 200, fsync: false });
    };
    const { address, pid, exited } = await start();
    const say = (message) => console.log(JSON.stringify(message));
    process.on("SIGINT", async () => {
      const { pid } = await start();
      say({ pid, first: await Promise.race([exited, "it serves on"]) });
    });
    process.stdin.on("end", async () => {
      await scratch[Symbol.asyncDispose]();
      say(scratch.remains());
      process.exit(0);
    });
    process.stdin.resume();
    say({ folder: scratch.folder, pid, address });
  }

  main();
`;

interface Owner {
  readonly process: ChildProcess;
  readonly folder: string;
  readonly pid: number;
  readonly address: Address;
  /** Its next report. */
  said(): Promise<Record<string, unknown>>;
}

let folder: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  program = await makeProgram(join(folder, "owner.cjs"), OWNER);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Starts it in a separate process group, as a shell does. */
async function startOwner(): Promise<Owner> {
  const owner = spawn(process.execPath, [program], { detached: true, stdio: ["pipe", "pipe", "inherit"] });
  if (owner.stdout === null) throw new Error("its output is read");
  const lines = createInterface({ input: owner.stdout });
  const said = async () => {
    const [line] = await once(lines, "line", { signal: AbortSignal.timeout(10_000) });
    return JSON.parse(line);
  };
  return { process: owner, said, ...(await said()) } as Owner;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function serves(address: Address): Promise<boolean> {
  return versionOf(await ask(address, "srvr").catch(() => "")) !== undefined;
}

describe("a scratch", () => {
  test("has a folder of its own, which goes with all that is in it", async () => {
    const scratch = await Scratch.create();
    await mkdir(join(scratch.folder, "deep"));
    await writeFile(join(scratch.folder, "deep", "file"), "");
    await scratch[Symbol.asyncDispose]();
    expect(existsSync(scratch.folder)).toBe(false);
    expect(scratch.remains()).toEqual({ files: 0, processes: 0 });
  });

  test("reports what is left before its end: itself, its keeper and what that runs", async () => {
    const scratch = await Scratch.create();
    const log = join(scratch.folder, "log");
    const pid = await scratch.run({ command: "sleep", args: ["60"], folder, log }).pid;
    expect(isAlive(pid)).toBe(true);
    expect(scratch.remains()).toEqual({ files: 1, processes: 2 });
    await scratch[Symbol.asyncDispose]();
    expect(isAlive(pid)).toBe(false);
    expect(scratch.remains()).toEqual({ files: 0, processes: 0 });
  });

  test("ends even what refuses to end", async () => {
    const scratch = await Scratch.create();
    const log = join(scratch.folder, "log");
    const stubborn = "trap '' TERM; echo ready; while :; do sleep 1; done";
    const pid = await scratch.run({ command: "sh", args: ["-c", stubborn], folder, log }).pid;
    await vi.waitFor(async () => expect(await readFile(log, "utf8")).toBe("ready\n"), 5000);
    await scratch[Symbol.asyncDispose]();
    expect(isAlive(pid)).toBe(false);
  });

  test("reports the end of a server, and the reason why one cannot be run", async () => {
    const scratch = await Scratch.create();
    const log = join(scratch.folder, "log");
    const ended = (command: string, ...args: string[]) => scratch.run({ command, args, folder, log }).exited;
    expect(await ended("sh", "-c", "echo last words; exit 3")).toBe("exit code 3");
    expect(await readFile(log, "utf8")).toBe("last words\n");
    expect(await ended("sh", "-c", "kill -KILL $$")).toBe("SIGKILL");
    expect(await ended(join(folder, "missing"))).toContain("ENOENT");
    await scratch[Symbol.asyncDispose]();
  });

  // Only Linux shows a process's parent in a file.
  test.runIf(process.platform === "linux")(
    "whose keeper is killed ends its servers and answers all who wait, and still leaves nothing",
    async () => {
      const scratch = await Scratch.create();
      const log = join(scratch.folder, "log");
      const sleep = { command: "sleep", args: ["60"], folder, log };
      const run = scratch.run(sleep);
      const pid = await run.pid;
      const keeper = /^PPid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
      process.kill(Number(keeper), "SIGKILL");
      const gone = "the process that keeps the lab's servers is gone (SIGKILL)";
      expect(await run.exited).toBe(gone);
      expect(await scratch.run(sleep).exited).toBe(gone);
      const call = { hook: "true", action: "check", server: "one:2181", withinMs: 1000 } as const;
      expect(await scratch.call(call)).toBe(gone);
      await scratch[Symbol.asyncDispose]();
      expect(scratch.remains()).toEqual({ files: 0, processes: 0 });
      // The system decides who collects an orphan; the test only checks that it no longer runs.
      expect(stateOf(pid)).toMatch(/^[ZX]?$/);
    },
  );
});

describe("when the process that holds it", () => {
  test("is killed, its server and its folder are gone within two seconds", async () => {
    const owner = await startOwner();
    expect(await serves(owner.address)).toBe(true);
    owner.process.kill("SIGKILL");
    await vi.waitFor(
      () => expect([isAlive(owner.pid), existsSync(owner.folder)]).toEqual([false, false]),
      2000,
    );
  });

  test("gets Ctrl-C, its server serves on and new ones start, until it lets go", async () => {
    const owner = await startOwner();
    const said = owner.said();
    // This signals the whole group, as a terminal does.
    process.kill(-Number(owner.process.pid), "SIGINT");
    const { pid, first } = await said;
    expect(first).toBe("it serves on");
    expect(await serves(owner.address)).toBe(true);

    const remains = owner.said();
    owner.process.stdin?.end();
    expect(await remains).toEqual({ files: 0, processes: 0 });
    expect([isAlive(owner.pid), isAlive(Number(pid))]).toEqual([false, false]);
  });
});

/** One letter; none for a process that is gone. */
function stateOf(pid: number): string {
  try {
    return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";
  } catch {
    return "";
  }
}

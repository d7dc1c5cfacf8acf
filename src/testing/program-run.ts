/**
 * The built program, run as a person or a script runs it, in a new folder for each test. No process that it
 * starts survives its test.
 */
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { afterEach, beforeEach, expect } from "vitest";
import type { Result } from "../export/result.ts";
import { bundle } from "../package-root.ts";

/** The built command. */
export const program = bundle("cli.js");

/** The test's folder. It holds the two others. */
export let base: string;
/** The program's working folder: by default, runs are saved here. */
export let folder: string;
/** The folder for all temporary files; its name is in the command line of every started process. */
export let temporary: string;

/** Call this once in a file of tests. */
export function runsInFoldersOfTheirOwn(): void {
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
}

export function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return execa(process.execPath, [program, ...args], {
    cwd: folder,
    env: { TMPDIR: temporary, NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
    reject: false,
    timeout: 150_000,
    killSignal: "SIGKILL",
  });
}

export const lab = (line: string, env?: NodeJS.ProcessEnv) => run(["lab", ...line.split(" ")], env);

/** A live run, and its page's address, when the program has printed it. */
export async function live(options: string): Promise<{ child: ReturnType<typeof run>; url: string }> {
  const child = run(["live", ...options.split(" ")]);
  let said = "";
  for await (const chunk of child.stdout ?? []) {
    said += chunk;
    const [url] = /http:\S+/.exec(said) ?? [];
    // Wrapped in an object: awaiting a child means waiting for its end.
    if (url !== undefined && said.includes("Ctrl-C")) return { child, url };
  }
  throw new Error(`it printed no address: ${said} ${(await child).stderr}`);
}

/** The processes that work in this test's temporary folder: keepers and servers. */
export async function started(what = ""): Promise<number[]> {
  const { stdout } = await execa("ps", ["-A", "-ww", "-o", "pid=,args="]);
  const ours = stdout.split("\n").filter((line) => line.includes(temporary) && line.includes(what));
  return ours.map((line) => Number.parseInt(line, 10));
}

export async function expectNothingLeft(): Promise<void> {
  expect(await started()).toEqual([]);
  expect(await readdir(temporary)).toEqual([]);
}

export async function until(what: string, withinMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(20);
  }
}

export async function saved(path: string): Promise<Result> {
  return JSON.parse(await readFile(join(path, "result.json"), "utf8")) as Result;
}

export const verdictsOf = (result: Result) =>
  result.trials.map(({ verdicts }) => Object.values(verdicts).map(({ valid }) => valid));

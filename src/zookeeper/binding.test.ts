import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ensemble } from "../ensemble/ensemble.ts";
import { startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { permits } from "../testing/permits.ts";
import { makeProgram } from "../testing/program.ts";

const THREADS = 10;

/**
 * This runs in a separate process: threads that share the addon's statics do not fail, they abort the process.
 * Every thread works for a while beside the others, and reports what it saw; then it ends by itself.
 */
const PROGRAM = `
  import { readdirSync } from "node:fs";
  import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
  import { openSession } from "./zookeeper/open-session.ts";
  import { Watch } from "./zookeeper/session.ts";

  const [, , connect, root, scratch] = process.argv;

  async function work(thread) {
    const session = await openSession({ connect, timeoutMs: 10_000, scratch });
    parentPort?.postMessage("open");
    await new Promise((resolve) => parentPort?.once("message", resolve) ?? resolve());
    for (let round = 0; round < 20; round++) {
      const path = await session.create(root + "/" + thread + "-", String(thread), "ephemeral-sequential");
      const deleted = new Promise((resolve) => session.get(path, new Watch(resolve)));
      const { data, stat } = await session.get(path);
      if (data.toString() !== String(thread) || !stat.createdInThisSession) throw new Error("not mine");
      await session.remove(path);
      await deleted;
    }
    await session.close();
  }

  async function main() {
    const ends = [];
    const workers = [];
    await Promise.all(Array.from({ length: ${THREADS} }, (_, thread) => {
      const worker = new Worker(__filename, { argv: process.argv.slice(2), workerData: thread });
      workers.push(worker);
      ends.push(new Promise((resolve) => worker.once("exit", resolve)));
      return new Promise((resolve) => worker.once("message", resolve));
    }));
    // While all addons are loaded and all sessions are open:
    const copies = readdirSync(scratch);
    for (const worker of workers) worker.postMessage("go");
    await work("main");
    console.log(JSON.stringify({ exitCodes: await Promise.all(ends), copies }));
  }

  if (isMainThread) main();
  else work(workerData);
`;

let scratch: Scratch;
let ensemble: Ensemble;

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "binding-test" });
});

afterAll(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

test("threads and their parent each have their own addon, work, and end; no copy is left", async () => {
  const copies = join(scratch.folder, "copies");
  await mkdir(copies);
  const program = await makeProgram(join(scratch.folder, "threads.cjs"), PROGRAM);
  const { exitCode, signal, stdout, stderr } = await execa(
    process.execPath,
    [program, ensemble.connect, ensemble.root, copies],
    { timeout: 20_000, reject: false },
  );
  expect({ exitCode, signal, stderr }).toEqual({ exitCode: 0, signal: undefined, stderr: "" });
  expect(JSON.parse(stdout)).toEqual({ exitCodes: Array(THREADS).fill(0), copies: [] });
  expect(await readdir(copies)).toEqual([]);
  expect(await ensemble.session.children(ensemble.root)).toEqual([]);
});

test.each([
  { what: "is missing, as after an installation without scripts", files: [] },
  { what: "is of no use here", files: ["build/Release/zookeeper.node"] },
])("an addon that $what is told with the remedy", async ({ files }) => {
  const folder = await mkdtemp(join(scratch.folder, "package-"));
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), "");
  }
  const open = `import { openSession } from "./zookeeper/open-session.ts";
    openSession({ connect: "127.0.0.1:1", timeoutMs: 4000 }).catch(({ message }) => console.log(message));`;
  const program = await makeProgram(join(folder, "open.cjs"), open);
  // The package's own loader looks here first.
  const env = { ZOOKEEPER_PREBUILD: folder };
  const { exitCode, stdout, stderr } = await execa(process.execPath, [program], {
    timeout: 20_000,
    reject: false,
    env,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const [said, patch] = stdout.split("; with Node 26 ");
  expect(said).toMatch(
    /^the native client of the package zookeeper is not compiled for Node [\d.]+; run: npm rebuild zookeeper \(it needs make, /,
  );
  expect(patch !== undefined).toBe(Number.parseInt(process.versions.node, 10) >= 26);
});

describe("a thread whose folder for temporary files", () => {
  const THREAD = `
    import { isMainThread, Worker } from "node:worker_threads";
    import { nativeClient } from "./zookeeper/binding.ts";

    const say = ({ message }) => console.log(message);
    if (isMainThread) new Worker(__filename).on("error", say);
    else nativeClient();
  `;

  async function refusal(...within: string[]): Promise<string> {
    const folder = await mkdtemp(join(scratch.folder, "thread-"));
    const program = await makeProgram(join(folder, "thread.cjs"), THREAD);
    const [command = "", ...args] = [...within, process.execPath, program];
    const env = { TMPDIR: join(folder, "temporary") };
    return (await execa(command, args, { timeout: 20_000, env })).stdout;
  }

  test("is missing says which variable names one", async () => {
    expect(await refusal()).toMatch(/^the native client needs a folder .*\(ENOENT.*; set TMPDIR to one$/);
  });

  test.runIf(permits("unshare", "-m", "true"))("is mounted noexec says so, and not to compile", async () => {
    const mount = 'mkdir "$TMPDIR"; mount -t tmpfs -o noexec tmpfs "$TMPDIR" && "$@"';
    const said = await refusal("unshare", "-m", "sh", "-c", mount, "sh");
    expect(said).toMatch(
      /^.*\/temporary permits no code to be loaded from it .* set TMPDIR to another folder for temporary files$/,
    );
  });
});

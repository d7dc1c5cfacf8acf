import { appendFile, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cpuMsBetween, GC_LOG, Jvm, SERVER_LOG } from "./jvm.ts";

let folder: string;
let log: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  log = join(folder, GC_LOG);
});
afterEach(() => rm(folder, { recursive: true }));

test("pauses of the garbage collector add up, also where a line is read in two pieces", async () => {
  const jvm = new Jvm(process.pid, folder);
  expect(jvm.counts().gcPauseMs).toBe(0);
  await writeFile(
    log,
    "[0.018s] Using Serial\n[1.234s] GC(0) Pause Young (Allocation Failure) 17M->3M(58M) 4.250ms\n",
  );
  expect(jvm.counts().gcPauseMs).toBe(4.25);
  await appendFile(log, "[2.000s] GC(1) Pause Full (System.gc()) 9M->2M(58M) 1");
  expect(jvm.counts().gcPauseMs).toBe(4.25);
  await appendFile(log, "0.500ms\n[3.000s] GC(2) Concurrent Mark 99.000ms\n");
  expect(jvm.counts().gcPauseMs).toBe(14.75);
});

test("a log that the next JVM has begun anew says nothing more of this one", async () => {
  const jvm = new Jvm(process.pid, folder);
  await writeFile(log, "[1.234s] GC(0) Pause Young (Allocation Failure) 17M->3M(58M) 4.250ms\n");
  expect(jvm.counts().gcPauseMs).toBe(4.25);
  await writeFile(log, "[0.018s] Using Serial\n");
  expect(jvm.counts().gcPauseMs).toBe(4.25);
});

/** As a JVM answers SIGQUIT: piece by piece. */
function tells(...pieces: string[]): void {
  process.once("SIGQUIT", async () => {
    for (const piece of pieces) {
      await appendFile(join(folder, SERVER_LOG), piece);
      await delay(50);
    }
  });
}

describe.runIf(process.platform !== "win32")("the live heap", () => {
  test("is what the JVM prints when it is asked, whatever it printed before", async () => {
    await writeFile(join(folder, SERVER_LOG), "Total           100           1000\nstarted: größe\n");
    tells(" num     #instances         #bytes  class name\nTotal           200   ", "        3000\n");
    expect(await new Jvm(process.pid, folder).liveBytes()).toBe(3000);
    tells("Total           200           2900\n");
    expect(await new Jvm(process.pid, folder).liveBytes()).toBe(2900);
  });

  test("is read from the end of a log, however long that is", async () => {
    await writeFile(join(folder, SERVER_LOG), "");
    // Three gigabytes without a block of the disk: more than a whole file can be read at once.
    await truncate(join(folder, SERVER_LOG), 3 * 2 ** 30);
    tells("\nTotal           200           3000\n");
    expect(await new Jvm(process.pid, folder).liveBytes()).toBe(3000);
  });
});

test.runIf(process.platform === "linux")(
  "processor time is that of all its threads, and finer than a tick",
  () => {
    const jvm = new Jvm(process.pid, folder);
    const before = jvm.counts().cpuMs ?? 0;
    const used = process.cpuUsage();
    while (process.cpuUsage(used).user < 20_000);
    const spent = (jvm.counts().cpuMs ?? 0) - before;
    expect(spent).toBeGreaterThan(10);
    expect(Number.isInteger(before)).toBe(false);
  },
);

test("nothing is known about a process that is gone", () => {
  expect(new Jvm(2 ** 22 + 1, folder).counts()).toEqual({
    pid: 2 ** 22 + 1,
    cpuMs: null,
    gcPauseMs: 0,
  });
});

test("processor time adds up over servers, and is unknown if one was restarted or is gone", () => {
  const told = (pid: number, cpuMs: number | null) => ({ pid, cpuMs, gcPauseMs: 0 });
  const before = [told(1, 500), told(2, 7000)];
  expect(cpuMsBetween(before, [told(1, 600), told(2, 7020)])).toBe(120);
  expect(cpuMsBetween(before, [told(1, 600), told(3, 20)])).toBeNull();
  expect(cpuMsBetween(before, [told(1, 600), told(3, 8000)])).toBeNull();
  expect(cpuMsBetween(before, [told(1, 600), told(2, null)])).toBeNull();
  expect(cpuMsBetween([told(1, null)], [told(1, null)])).toBe(0);
  expect(cpuMsBetween([], [])).toBe(0);
});

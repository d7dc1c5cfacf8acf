import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ThreadTimes } from "./thread-times.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function used(thread: number, ns: number): Promise<void> {
  await mkdir(join(folder, String(thread)), { recursive: true });
  await writeFile(join(folder, String(thread), "schedstat"), `${ns} 12345 67\n`);
}

test("a thread's time is kept when it ends, even if another one gets its number", async () => {
  const times = new ThreadTimes(folder);
  await used(1, 5e6);
  await used(2, 100e6);
  expect(times.read()).toBe(105);
  await rm(join(folder, "2"), { recursive: true });
  await used(1, 6e6);
  expect(times.read()).toBe(106);
  expect(times.read()).toBe(106);
  await used(2, 1e6);
  expect(times.read()).toBe(107);
  await used(2, 0.5e6);
  expect(times.read()).toBe(107.5);
});

test("nothing is known about a process that is gone", async () => {
  const times = new ThreadTimes(folder);
  await used(1, 5e6);
  times.read();
  await rm(folder, { recursive: true });
  expect(times.read()).toBeNull();
});

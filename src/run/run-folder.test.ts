import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Result } from "../export/result.ts";
import type { History } from "../history/history.ts";
import { readHistories } from "../history/reader.ts";
import { chronicleOf } from "../history/told.ts";
import { sampleResult } from "../testing/samples.ts";
import { SmallDisk } from "../testing/small-disk.ts";
import { Story } from "../testing/story.ts";
import { RunFolder } from "./run-folder.ts";

let base: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterEach(async () => {
  await rm(base, { recursive: true, force: true });
});

function result(state: Result["run"]["state"], seed = 1): Result {
  return sampleResult({ run: { ...sampleResult().run, state, seed }, trials: [] });
}

async function keep(folder: RunFolder, history: History): Promise<void> {
  await folder.beginHistory(history.header);
  await folder.continueHistory(history.header.trial, chronicleOf(history));
  await folder.endHistory(history.header.trial, history);
}

const saved = async (folder: string) => JSON.parse(await readFile(join(folder, "result.json"), "utf8"));

test("makes the folder, with all above it, and leaves nothing in it", async () => {
  const { path } = await RunFolder.create(join(base, "a", "b"));
  expect(path).toBe(join(base, "a", "b"));
  expect(await readdir(path)).toEqual([]);
});

test("takes an empty folder", async () => {
  await mkdir(join(base, "empty"));
  await RunFolder.create(join(base, "empty"));
});

test("refuses a folder that holds something, and leaves it alone", async () => {
  await writeFile(join(base, "result.json"), "precious");
  await expect(RunFolder.create(base)).rejects.toMatchObject({
    code: "usage",
    message: `--out ${base}: the folder is not empty; name a new one`,
  });
  expect(await readFile(join(base, "result.json"), "utf8")).toBe("precious");
});

test("refuses a path under a file, with the reason", async () => {
  await writeFile(join(base, "file"), "");
  await expect(RunFolder.create(join(base, "file", "run"))).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(
      /^--out .*file.run: cannot be written to \(ENOTDIR.*\); name another folder$/,
    ),
  });
  expect(await readdir(base)).toEqual(["file"]);
});

// Root may write anywhere.
test.skipIf(process.getuid?.() === 0)("refuses a folder that it must not write to", async () => {
  await chmod(base, 0o500);
  await expect(RunFolder.create(base)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/^--out .*: cannot be written to \(EACCES/),
  });
});

test("readers always see a whole file: the old one or the new one", async () => {
  const folder = await RunFolder.create(join(base, "run"));
  await folder.save(result("interrupted", 0));
  let writing = true;
  const writes = (async () => {
    for (let seed = 1; seed <= 200; seed++) await folder.save(result("interrupted", seed));
    writing = false;
  })();
  let last = 0;
  while (writing) {
    const { run } = await saved(folder.path);
    expect(run.seed).toBeGreaterThanOrEqual(last);
    last = run.seed;
  }
  await writes;
  expect(await readdir(folder.path)).toEqual(["result.json"]);
});

test("keeps the latest result, and every trial's history", async () => {
  const folder = await RunFolder.create(join(base, "run"));
  const first = new Story().joins(0, 0).claims(1, 0).told();
  const second = new Story().joins(0, 0).joins(1, 1).told();
  await keep(folder, first);
  await folder.save(result("interrupted"));
  await keep(folder, second);
  await folder.save(result("completed"));
  expect(await saved(folder.path)).toEqual(result("completed"));
  expect(await readHistories(join(folder.path, "history.jsonl.gz"))).toEqual([first, second]);
});

test("a run that never began leaves nothing behind, not even the folders above", async () => {
  const folder = await RunFolder.create(join(base, "runs", "first"));
  await folder.save(result("interrupted"));
  await folder.discard();
  expect(await readdir(base)).toEqual([]);
});

test("keeps the run beside it, and a folder that existed before", async () => {
  const failing = await RunFolder.create(join(base, "runs", "failing"));
  const other = await RunFolder.create(join(base, "runs", "other"));
  await other.save(result("completed"));
  await failing.discard();
  expect(existsSync(failing.path)).toBe(false);
  expect(await saved(other.path)).toEqual(result("completed"));

  await mkdir(join(base, "mine"));
  const mine = await RunFolder.create(join(base, "mine"));
  await mine.save(result("interrupted"));
  await mine.discard();
  expect(await readdir(mine.path)).toEqual([]);
});

describe.skipIf(!SmallDisk.isPossible())("on a full disk", () => {
  let disk: SmallDisk;

  beforeEach(() => {
    disk = SmallDisk.mount();
  });

  afterEach(() => disk[Symbol.dispose]());

  const room = "once it can be, yarn bench --resume continues with the saved trials";
  const full = "cannot be written to (ENOSPC: no space left on device, write)";

  test("a run does not begin", async () => {
    disk.fill(0);
    const path = join(disk.path, "runs", "run");
    await expect(RunFolder.create(path)).rejects.toMatchObject({
      code: "io",
      message: `--out ${path}: ${full}; name another folder`,
    });
    expect(await readdir(disk.path)).toEqual(["filling"]);
  });

  test("earlier files stay whole, and nothing else is left", async () => {
    const folder = await RunFolder.create(join(disk.path, "run"));
    const small = new Story().joins(0, 0).claims(1, 0).told();
    await keep(folder, small);
    await folder.save(result("interrupted", 1));
    const history = await readFile(join(folder.path, "history.jsonl.gz"));
    disk.fill(8192);

    const large = new Story();
    for (let at = 0; at < 20_000; at++) large.joins(at + Math.random(), at % 7);
    const lost = (file: string) => ({ code: "io", message: `${join(folder.path, file)}: ${full}; ${room}` });
    await expect(folder.continueHistory(1, chronicleOf(large.told()))).rejects.toMatchObject(
      lost("history.jsonl.gz"),
    );
    const git = "x".repeat(100_000);
    const { run, ...rest } = result("completed", 2);
    await expect(folder.save({ ...rest, run: { ...run, git } })).rejects.toMatchObject(lost("result.json"));
    disk.fill(0);
    await expect(folder.keepHistories(new Set([1]))).rejects.toMatchObject(lost("history.jsonl.gz"));

    expect((await readdir(folder.path)).sort()).toEqual(["history.jsonl.gz", "result.json"]);
    expect(await saved(folder.path)).toEqual(result("interrupted", 1));
    expect((await readFile(join(folder.path, "history.jsonl.gz"))).equals(history)).toBe(true);
  });
});

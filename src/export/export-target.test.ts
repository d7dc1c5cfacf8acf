import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SmallDisk } from "../testing/small-disk.ts";
import { checkTarget, exportTo } from "./export-target.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("a file gets the text, and nothing is left beside it", async () => {
  await exportTo(join(folder, "a.csv"), "old", "--csv");
  await exportTo(join(folder, "a.csv"), "new", "--csv");
  expect(await readFile(join(folder, "a.csv"), "utf8")).toBe("new");
  expect(await readdir(folder)).toEqual(["a.csv"]);
});

test.each([
  ["under a folder that is not there", "none/a.csv", /^--csv .*none.a\.csv: cannot be written to \(ENOENT/],
  ["under a file", "file/a.csv", /^--csv .*: cannot be written to \(E(NOTDIR|NOENT)/],
  [
    "that is a folder",
    "folder",
    /^--csv .*: cannot be written to \((EISDIR|it is a f).*\); name another file$/,
  ],
])("a target %s", async (_what, name, message) => {
  await writeFile(join(folder, "file"), "precious");
  await mkdir(join(folder, "folder"));
  const target = join(folder, name);
  // A failure before the work is wrong usage; after it, the outcome is lost.
  for (const [code, writing] of [
    ["usage", () => checkTarget(target, "--csv")],
    ["io", () => exportTo(target, "text", "--csv")],
  ] as const) {
    await expect(writing()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  }
  expect((await readdir(folder)).sort()).toEqual(["file", "folder"]);
  expect(await readFile(join(folder, "file"), "utf8")).toBe("precious");
});

test("what can be written is not touched by the look beforehand", async () => {
  await writeFile(join(folder, "file"), "precious");
  await checkTarget(join(folder, "file"), "--csv");
  await checkTarget(join(folder, "new"), "--csv");
  await checkTarget("-", "--csv");
  expect(await readdir(folder)).toEqual(["file"]);
  expect(await readFile(join(folder, "file"), "utf8")).toBe("precious");
});

test.skipIf(!SmallDisk.isPossible())("on a full disk the old file stays, and nothing beside it", async () => {
  using disk = SmallDisk.mount();
  const target = join(disk.path, "a.csv");
  await exportTo(target, "old", "--csv");
  disk.fill(8192);
  await checkTarget(target, "--csv");
  const reason = "cannot be written to (ENOSPC: no space left on device, write); name another file";
  const failure = { code: "io", message: `--csv ${target}: ${reason}` };
  await expect(exportTo(target, "x".repeat(100_000), "--csv")).rejects.toMatchObject(failure);
  disk.fill(0);
  await expect(checkTarget(target, "--csv")).rejects.toMatchObject(failure);
  expect((await readdir(disk.path)).sort()).toEqual(["a.csv", "filling"]);
  expect(await readFile(target, "utf8")).toBe("old");
});

test.skipIf(process.platform !== "linux")("a device that takes nothing is an error", async () => {
  await expect(exportTo("/dev/full", "text", "--csv")).rejects.toMatchObject({
    code: "io",
    message:
      "--csv /dev/full: cannot be written to (ENOSPC: no space left on device, write); name another file",
  });
});

test("through a link, the file that it leads to is written", async () => {
  await writeFile(join(folder, "file"), "old");
  await symlink(join(folder, "file"), join(folder, "link"));
  await exportTo(join(folder, "link"), "new", "--csv");
  expect((await lstat(join(folder, "link"))).isSymbolicLink()).toBe(true);
  expect(await readFile(join(folder, "file"), "utf8")).toBe("new");
});

test.skipIf(process.platform === "win32")("a device is written to and not replaced", async () => {
  await exportTo("/dev/null", "text", "--csv");
  expect((await lstat("/dev/null")).isCharacterDevice()).toBe(true);
});

import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

let base: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterEach(() => rm(base, { recursive: true, force: true }));

test("returns the outermost folder that it has made, or nothing", async () => {
  expect(await makeFolder(join(base, "a", "b", "c"))).toBe(join(base, "a"));
  expect(await readdir(join(base, "a", "b"))).toEqual(["c"]);
  expect(await makeFolder(join(base, "a", "b", "d"))).toBe(join(base, "a", "b", "d"));
  expect(await makeFolder(join(base, "a", "b"))).toBeUndefined();
});

test("several at once make all of them", async () => {
  const paths = ["x", "y", "z"].map((name) => join(base, "runs", name));
  await Promise.all(paths.map(makeFolder));
  expect((await readdir(join(base, "runs"))).sort()).toEqual(["x", "y", "z"]);
});

test.skipIf(!existsSync("/proc/self"))(
  "a folder that refuses every name is refused, and no riddle",
  async () => {
    await expect(makeFolder("/proc/x")).rejects.toMatchObject({ code: "ENOENT" });
    await expect(makeFolder("/proc/x/y/z")).rejects.toMatchObject({ code: "ENOENT" });
  },
);

test("when it fails, nothing is left", async () => {
  await writeFile(join(base, "file"), "");
  await symlink(join(base, "nowhere"), join(base, "link"));
  await expect(makeFolder(join(base, "file"))).rejects.toMatchObject({ code: "ENOTDIR" });
  await expect(makeFolder(join(base, "link"))).rejects.toMatchObject({ code: "ENOENT" });
  await expect(makeFolder(join(base, "file", "a"))).rejects.toMatchObject({ code: "ENOTDIR" });
  await expect(makeFolder(join(base, "link", "a"))).rejects.toMatchObject({ code: "ENOENT" });
  await expect(makeFolder(join(base, "new", "x".repeat(300)))).rejects.toMatchObject({
    code: "ENAMETOOLONG",
  });
  expect((await readdir(base)).sort()).toEqual(["file", "link"]);
});

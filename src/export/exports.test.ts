import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { exportTo } from "./exports.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

test("a file gets the text, and nothing is left beside it", async () => {
  await exportTo(join(folder, "a.csv"), "old", "--csv");
  await exportTo(join(folder, "a.csv"), "new", "--csv");
  expect(await readFile(join(folder, "a.csv"), "utf8")).toBe("new");
  expect(await readdir(folder)).toEqual(["a.csv"]);
});

test("- is stdout, and no file", async () => {
  const written: unknown[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text, done: unknown) => {
    written.push(text);
    if (typeof done === "function") done();
    return true;
  });
  await exportTo("-", "text", "--csv");
  expect(written).toEqual(["text"]);
});

test.each([
  ["under a folder that is not there", "none/a.csv", /^--csv .*none.a\.csv: cannot be written to \(ENOENT/],
  ["under a file", "file/a.csv", /^--csv .*: cannot be written to \(E(NOTDIR|NOENT)/],
  ["that is a folder", "folder", /^--csv .*: cannot be written to \(EISDIR.*\); name another file$/],
])(
  "a target %s is refused with its flag and the reason, and nothing is left",
  async (_what, name, message) => {
    await writeFile(join(folder, "file"), "precious");
    await mkdir(join(folder, "folder"));
    const target = join(folder, name);
    await expect(exportTo(target, "text", "--csv")).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(message),
    });
    expect((await readdir(folder)).sort()).toEqual(["file", "folder"]);
    expect(await readFile(join(folder, "file"), "utf8")).toBe("precious");
  },
);

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

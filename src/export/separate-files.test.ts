import { link, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkSeparate } from "./separate-files.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Other names of `a.csv` in the folder, whether or not the file exists. */
const names: readonly (readonly [how: string, name: () => string | Promise<string>])[] = [
  ["the same name", () => join(folder, "a.csv")],
  ["another spelling", () => `${folder}/./x/../a.csv`],
  ["a path from here", () => relative(process.cwd(), join(folder, "a.csv"))],
  [
    "a folder that is a link",
    async () => {
      await symlink(folder, join(folder, "here"));
      return join(folder, "here", "a.csv");
    },
  ],
];
const ofThatIsThere: typeof names = [
  [
    "a link",
    async () => {
      await symlink("a.csv", join(folder, "link"));
      return join(folder, "link");
    },
  ],
  [
    "a second name in the file system",
    async () => {
      await link(join(folder, "a.csv"), join(folder, "b.csv"));
      return join(folder, "b.csv");
    },
  ],
];

async function expectClash(other: string, asInput = false): Promise<void> {
  const first = { name: "--export-csv", path: join(folder, "a.csv") };
  const second = { name: "--export-json", path: other };
  const reason = asInput ? "--export-csv is read from there" : "--export-csv goes there as well";
  const checking = asInput ? checkSeparate([second], [first]) : checkSeparate([first, second], []);
  await expect(checking).rejects.toMatchObject({
    code: "usage",
    message: `--export-json ${other}: ${reason}; name another file`,
  });
}

describe.each([
  ["a file that is not there yet", false],
  ["a file that is there", true],
] as const)("%s", (_what, isThere) => {
  beforeEach(async () => {
    await mkdir(join(folder, "x"));
    if (isThere) await writeFile(join(folder, "a.csv"), "old");
  });

  test.each(isThere ? [...names, ...ofThatIsThere] : names)("is known by %s", async (_how, name) => {
    const other = await name();
    await expectClash(other);
    if (isThere) await expectClash(other, true);
  });

  test("is no other file, or device", async () => {
    const paths = [join(folder, "a.csv"), join(folder, "b.csv"), join(folder, "x", "a.csv")];
    const devices = process.platform === "win32" ? [] : ["/dev/null", "/dev/null"];
    await checkSeparate(
      [...paths, ...devices].map((path) => ({ name: "--export-csv", path })),
      [],
    );
  });
});

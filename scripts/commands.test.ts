/** Tests every command of package.json that is one of our programs, used as a new user would. */
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = dirname(import.meta.dirname);
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const programs = Object.entries(scripts).flatMap(([name, line]) => {
  const [, program] = /^node scripts\/run\.mjs (.+)$/.exec(line) ?? [];
  return program === undefined ? [] : [[`yarn ${name}`, program.split(" ")] as const];
});

/** The commands' working folder; they may leave nothing there. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What runs as `node scripts/run.mjs <program>`, without looking whether it has to be built. */
function asNode([file, ...words]: readonly string[]): string[] {
  return [join(root, "dist", `${file}.js`), ...words];
}

async function said(program: readonly string[], ...words: string[]) {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [...asNode(program), ...words],
    // Anything that would start something finds no Java and no temporary folder.
    {
      cwd: folder,
      env: { PATH: "", JAVA_HOME: undefined, TMPDIR: join(folder, "missing") },
      reject: false,
      timeout: 20_000,
    },
  );
  return { exitCode, stdout, stderr };
}

test("has the expected commands", () => {
  expect(programs.map(([name]) => name)).toEqual(
    expect.arrayContaining(["yarn lab", "yarn bench", "yarn bench:floor", "yarn simulate"]),
  );
});

test.each(programs)("%s: --help lists the options, an unknown option is refused", async (name, program) => {
  const [help, nonsense] = await Promise.all([said(program, "--help"), said(program, "--nonsense")]);
  expect(help).toEqual({ exitCode: 0, stdout: expect.stringContaining(`${name} [options]`), stderr: "" });
  expect(nonsense).toEqual({
    exitCode: 64,
    stdout: "",
    stderr: `--nonsense: unknown option; see ${name} --help`,
  });
  expect(await readdir(folder)).toEqual([]);
});

test("completion knows each of them", async () => {
  const { stdout } = await said(["cli", "completion"]);
  for (const [name] of programs) expect(stdout).toContain(`"${name} "*)`);
});

test.skipIf(process.platform !== "linux").each(programs)(
  "%s: words that are lost are exit 74",
  (_name, program) => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [...asNode(program), "--help"], {
      cwd: folder,
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
      timeout: 20_000,
    });
    closeSync(full);
    expect({ status, stderr }).toEqual({
      status: 74,
      stderr: "stdout: cannot be written to (ENOSPC: no space left on device, write); send it elsewhere\n",
    });
  },
);

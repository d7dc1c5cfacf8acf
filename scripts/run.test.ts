/** Tests where a command runs: in the user's folder, whether or not yarn starts it. */
import { mkdir, mkdtemp, readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { execa } from "execa";
import getPort from "get-port";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RunFolder } from "../src/run/run-folder.ts";
import { sampleResult } from "../src/testing/samples.ts";

const root = dirname(import.meta.dirname);
const yarn = join(root, ".yarn", "releases", "yarn-4.18.1.cjs");

/** A folder inside the package, which git ignores. */
let here: string;

beforeEach(async () => {
  await mkdir(join(root, "runs"), { recursive: true });
  here = await mkdtemp(join(root, "runs", "test-"));
  const saved = await RunFolder.create(join(here, "run"));
  await saved.save(sampleResult({ trials: [] }));
});

afterEach(async () => {
  await rm(here, { recursive: true, force: true });
  // It stays if somebody keeps runs there.
  await rmdir(join(root, "runs")).catch(() => undefined);
});

async function run(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const own = { npm_package_name: undefined, INIT_CWD: undefined, ...env };
  const { exitCode, stdout, stderr } = await execa(process.execPath, args, { cwd, env: own, reject: false });
  return { exitCode, stdout, stderr };
}

describe("by yarn, from a folder inside the package", () => {
  test.each([
    [
      "report run --out ./mine.html --export-csv ./mine.csv",
      { exitCode: 0, stdout: "wrote mine.html; --open shows it in the browser" },
    ],
    ["bench --plan --target-failover 3000 run", { exitCode: 0, stderr: "" }],
    [
      "lab --scheme ./mine.ts",
      { exitCode: 64, stderr: expect.stringMatching(/^--scheme .*: it has no export named/) },
    ],
    [
      "start:zookeeper --port PORT --data mine.ts",
      { exitCode: 64, stderr: expect.stringMatching(/^--data mine.ts: .*ENOTDIR/) },
    ],
  ])("%s takes paths from there", async (words, expected) => {
    await writeFile(join(here, "mine.ts"), "export const shceme = {};");
    expect(
      await run(here, [yarn, ...words.replace("PORT", String(await getPort())).split(" ")]),
    ).toMatchObject(expected);
    const written = words.includes("mine.html") ? ["mine.csv", "mine.html"] : [];
    expect((await readdir(here)).sort()).toEqual([...written, "mine.ts", "run"]);
  });
});

describe("ignores what another script has left in the environment", () => {
  const command = (folder: string) => [join(root, "scripts", "run.mjs"), "cli", "report", folder];

  test.each([
    ["a script of this package that has changed to a folder of its own", "zk-election-lab"],
    ["a script of another package", "a-service"],
  ])("%s", async (_what, name) => {
    const env = { npm_package_name: name, INIT_CWD: root };
    expect(await run(here, command("run"), env)).toMatchObject({
      exitCode: 0,
      stdout: "wrote run/report.html; --open shows it in the browser",
    });
  });

  test("a script of another package that has changed to this one", async () => {
    const env = { npm_package_name: "a-service", INIT_CWD: here };
    const folder = relative(root, join(here, "run"));
    expect(await run(root, command(folder), env)).toMatchObject({
      stdout: `wrote ${folder}/report.html; --open shows it in the browser`,
    });
  });

  test("the installed command stands where it is started", async () => {
    const env = { npm_package_name: "zk-election-lab", INIT_CWD: here };
    const folder = relative(root, join(here, "run"));
    const cli = join(root, "dist", "cli.js");
    expect(await run(root, [cli, "report", folder], env)).toMatchObject({
      stdout: `wrote ${folder}/report.html; --open shows it in the browser`,
    });
  });
});

/** Tests what the matrix, and the script that fetches a Node for musl, refuse before they fetch anything. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { linkTools } from "../src/testing/linked-tools.ts";

/** What the scripts run to read their options. */
const BASIC = ["bash", "cat", "dirname"];

let folder: string;
let bin: string;
let temporary: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zk-election-lab-matrix-test-"));
  bin = join(folder, "bin");
  temporary = join(folder, "tmp");
  mkdirSync(bin);
  mkdirSync(temporary);
  linkTools(bin, BASIC);
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Stand-ins for tools. A script that calls one has gone too far: it leaves a file. */
function tools(...names: string[]): void {
  for (const name of names)
    writeFileSync(join(bin, name), `#!/usr/bin/env bash\n>"${temporary}/called-${name}"\nexit 1\n`, {
      mode: 0o755,
    });
}

async function run(script: "test-matrix" | "fetch-musl-node", ...args: string[]) {
  const result = await execa(join(import.meta.dirname, script), args, {
    env: { PATH: bin, TMPDIR: temporary },
    extendEnv: false,
    reject: false,
    timeout: 20_000,
  });
  expect(readdirSync(temporary)).toEqual([]);
  return { code: result.exitCode, said: `${result.stdout}${result.stderr}` };
}

describe("test-matrix", () => {
  const needed = ["npm", "git", "timeout"];
  beforeEach(() => tools(...needed, "mktemp", "node", "tar"));

  test("says what it does when it is asked", async () => {
    const { code, said } = await run("test-matrix", "--help");
    expect(code).toBe(0);
    expect(said).toMatch(/^Usage: \.\/scripts\/test-matrix /);
  });

  test.each([
    { args: ["--nodes", "22"], words: "unknown option --nodes" },
    { args: ["--node="], words: "unknown option --node=" },
    { args: ["--node"], words: "--node needs versions, such as 22,26" },
    { args: ["src/nowhere.test.ts"], words: "there is no test file src/nowhere.test.ts" },
    ...["lts", "v22", "22,", "22 24", "22.1.2.3", "musl", "22,../24"].map((versions) => ({
      args: ["--node", versions],
      words: `--node ${versions}: versions look like 22, 20.19.0 or musl-24, with commas between them`,
    })),
  ])("$args is wrong usage", async ({ args, words }) => {
    expect(await run("test-matrix", ...args)).toEqual({
      code: 64,
      said: `test-matrix: ${words}; see ./scripts/test-matrix --help`,
    });
  });

  test.each(needed)("without %s on PATH it says so", async (missing) => {
    rmSync(join(bin, missing));
    expect(await run("test-matrix", "--node", "22,musl-24", "scripts/run.test.ts")).toEqual({
      code: 69,
      said: `test-matrix: no ${missing} on PATH`,
    });
  });
});

describe("fetch-musl-node", () => {
  const needed = ["python3", "apt-get", "dpkg"];
  beforeEach(() => tools(...needed, "mkdir"));

  test.each([[], ["24"], ["24", "one", "two"]].map((args) => ({ args })))(
    "$args is wrong usage",
    async ({ args }) => {
      expect(await run("fetch-musl-node", ...args)).toEqual({
        code: 64,
        said: "fetch-musl-node: give a version and a folder: scripts/fetch-musl-node 24 FOLDER",
      });
    },
  );

  test.each(["latest", "v24", "musl-24", "24.", "24; true", ""])("'%s' is no version", async (version) => {
    expect(await run("fetch-musl-node", version, join(folder, "node"))).toEqual({
      code: 64,
      said: `fetch-musl-node: '${version}' is no version of Node; they look like 24 or 24.11.1`,
    });
    expect(existsSync(join(folder, "node"))).toBe(false);
  });

  test.each(needed)("without %s on PATH it says so", async (missing) => {
    rmSync(join(bin, missing));
    expect(await run("fetch-musl-node", "24", join(folder, "node"))).toEqual({
      code: 69,
      said: `fetch-musl-node: no ${missing} on PATH`,
    });
    expect(existsSync(join(folder, "node"))).toBe(false);
  });
});

/** The lab on a machine that does not grant what it needs: one sentence, before anything is measured, and nothing left. */
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { permits } from "./testing/permits.ts";

const lab = [process.execPath, join(import.meta.dirname, "..", "scripts", "run.mjs"), "cli", "lab"];

let base: string;
/** Where the program stands: runs go here by default. */
let folder: string;
let temporary: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  [folder, temporary] = [join(base, "here"), join(base, "tmp")];
  await mkdir(folder);
  await mkdir(temporary);
});

afterEach(() => rm(base, { recursive: true, force: true }));

function run([command = "", ...args]: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return execa(command, args, {
    cwd: folder,
    env: { TMPDIR: temporary, ...env },
    reject: false,
    timeout: 50_000,
    killSignal: "SIGKILL",
  });
}

async function expectNothingLeft(): Promise<void> {
  const { stdout } = await execa("ps", ["-A", "-ww", "-o", "args="]);
  expect(stdout.split("\n").filter((line) => line.includes(temporary))).toEqual([]);
  expect([await readdir(folder), await readdir(temporary)]).toEqual([[], []]);
}

describe("a folder for temporary files", () => {
  test("that is not there: exit 69", async () => {
    const { exitCode, stdout, stderr } = await run(lab, { TMPDIR: join(temporary, "missing") });
    expect({ exitCode, stdout }).toEqual({ exitCode: 69, stdout: "" });
    expect(stderr).toMatch(/^\/.*\/missing: temporary files cannot be written there \(ENOENT.*by TMPDIR$/);
    await expectNothingLeft();
  });

  test.runIf(permits("unshare", "-m", "true")).each([
    ["read-only", "ro", /^.*: temporary files cannot be written there \(EROFS.*by TMPDIR$/],
    ["mounted noexec", "noexec", /^.* permits no code to be loaded from it .*by TMPDIR$/],
    // The system's unit is a page or larger.
    ["full", "size=4k", /^.*: temporary files cannot be written there \(ENOSPC.*by TMPDIR$/],
  ])("that is %s: exit 69", async (_what, option, words) => {
    const within = `mount -t tmpfs -o ${option} tmpfs "$0" && { cp "$1" "$0" 2>/dev/null; "$@"; code=$?; ls "$0" | grep zk; exit $code; }`;
    const mounted = ["unshare", "-m", "sh", "-c", within, temporary, ...lab];
    const { exitCode, stdout, stderr } = await run(mounted);
    expect({ exitCode, stdout }).toEqual({ exitCode: 69, stdout: "" });
    expect(stderr).toMatch(words);
    await expectNothingLeft();
  });
});

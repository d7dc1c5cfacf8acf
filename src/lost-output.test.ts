/** Runs whose output goes where there is no room for it. */
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type LocalEnsemble, startLocal } from "./ensemble/local.ts";
import { Scratch } from "./ensemble/scratch.ts";
import { bundle } from "./package-root.ts";
import { readRun } from "./run/read-run.ts";
import { SmallDisk } from "./testing/small-disk.ts";

const cli = bundle("cli.js");
const small = "--candidates 2 --failovers 2 --scheme predecessor --out run";

let scratch: Scratch;
let ensemble: LocalEnsemble;
let folder: string;

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "outputs-test" });
});

afterAll(async () => {
  await ensemble?.close();
  await scratch?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a line in a shell, where `$lab` is the program. */
async function shell(line: string) {
  const { exitCode, stdout, stderr } = await execa("bash", ["-c", line], {
    cwd: folder,
    env: { lab: `${process.execPath} ${cli} lab --connect ${ensemble.connect} --quiet` },
    reject: false,
    timeout: 150_000,
  });
  return { exitCode, stdout, stderr };
}

test.skipIf(process.platform !== "linux").each(["--json", "--export-csv -"])(
  "a full stdout under %s: exit 74 with the reason, and the run is saved",
  async (flags) => {
    expect(await shell(`$lab ${small} ${flags} > /dev/full`)).toEqual({
      exitCode: 74,
      stdout: "",
      stderr:
        "stdout: cannot be written to (ENOSPC: no space left on device, write); " +
        "the run is saved: yarn report run exports it",
    });
    expect((await readRun(join(folder, "run"))).result.run.state).toBe("completed");
    expect((await readdir(join(folder, "run"))).sort()).toEqual([
      "history.jsonl.gz",
      "report.html",
      "result.json",
    ]);
  },
);

test.skipIf(process.platform !== "linux")(
  "a reader that has gone: the run is judged and saved as ever",
  async () => {
    const { stderr } = await shell(`{ $lab ${small} --json; echo "exit $?" >&2; } | head -c 1`);
    expect(stderr).toBe("exit 0");
    expect((await readRun(join(folder, "run"))).result.run.state).toBe("completed");
  },
);

test.skipIf(!SmallDisk.isPossible())(
  "a disk that fills up in the middle: exit 74, the file's name, and what was there is whole",
  async () => {
    using disk = SmallDisk.mount();
    // Enough for the first trial or two.
    disk.fill(32_768);
    const out = join(disk.path, "run");
    const { exitCode, stdout, stderr } = await shell(
      `$lab --candidates 4 --failovers 10 --scheme all --out ${out}`,
    );
    expect(stderr).toMatch(
      new RegExp(
        `^${out}/(result.json|history.jsonl.gz): cannot be written to \\(ENOSPC: no space left on device, write\\); ` +
          "once it can be, yarn bench --resume continues with the saved trials$",
      ),
    );
    // The measurements are still shown.
    expect(stdout).toMatch(/^predecessor +4 +resign +[\d.]+ /m);
    expect(stdout).not.toContain("saved in");
    expect(exitCode).toBe(74);
    expect((await readdir(out)).sort()).toEqual(["history.jsonl.gz", "result.json"]);
    const { result, histories } = await readRun(out);
    expect(result.run.state).toBe("interrupted");
    expect(histories.length).toBeGreaterThanOrEqual(result.trials.length);
    expect(JSON.parse(await readFile(join(out, "result.json"), "utf8"))).toMatchObject({
      trials: result.trials,
    });
  },
);

test.skipIf(!SmallDisk.isPossible())(
  "a disk that is closed before the end: the table and the export elsewhere, then the error, and exit 74",
  async () => {
    using disk = SmallDisk.mount();
    const out = join(disk.path, "run");
    const rows = join(folder, "rows.csv");
    const child = shell(
      `$lab --candidates 4 --failovers 60 --scheme predecessor --out ${out} --export-csv ${rows} 2>&1`,
    );
    // The folder is there when the run begins.
    await vi.waitUntil(() => existsSync(join(out, "result.json")), 20_000);
    disk.close();
    const { exitCode, stdout } = await child;
    const error = `${out}/history.jsonl.gz: cannot be written to (EROFS: read-only file system, `;
    expect(stdout).toMatch(/^predecessor +4 +resign +[\d.]+ /m);
    expect(stdout).toContain(error);
    expect(stdout.indexOf("predecessor")).toBeLessThan(stdout.indexOf(error));
    expect(exitCode).toBe(74);
    expect((await readFile(rows, "utf8")).trim().split("\n")).toHaveLength(1 + 60);
  },
);

/** `yarn report`, as a person or a script runs it on a saved run. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { json } from "./export/json.ts";
import type { TrialResult } from "./export/result.ts";
import { appendHistory } from "./history/writer.ts";
import { HISTORY, RunFolder } from "./run/run-folder.ts";
import { countedFailover, sampleResult, sampleTrial } from "./testing/samples.ts";
import { SmallDisk } from "./testing/small-disk.ts";
import { Story } from "./testing/story.ts";

const cli = join(import.meta.dirname, "..", "dist", "cli.js");

/** The program's working folder, beside the run. */
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  const run = await RunFolder.create(join(folder, "run"));
  const trials = trialsWith(1);
  for (const { trial } of trials)
    await appendHistory(
      join(run.path, HISTORY),
      new Story({ trial }).joins(0, 0).claims(1, 0).fault(5, 1, 0).told(),
    );
  await run.save(sampleResult({ trials }));
});

function trialsWith(count: number): TrialResult[] {
  const failovers = Array.from({ length: count }, (_, index) => countedFailover({ failover: index + 1 }));
  return [1, 2, 3].map((trial) => sampleTrial({ trial, failovers }));
}

afterEach(() => rm(folder, { recursive: true, force: true }));

async function report(...args: string[]) {
  return reportWith({}, ...args);
}

async function reportWith(env: NodeJS.ProcessEnv, ...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [cli, "report", ...args], {
    cwd: folder,
    env,
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

/** Runs a line in a shell, where `$yarn` runs the command. */
async function shell(line: string): Promise<{ stdout: string; stderr: string }> {
  const yarn = `${process.execPath} ${cli}`;
  return promisify(execFile)("bash", ["-c", line], { cwd: folder, env: { ...process.env, yarn } });
}

describe("lost output", () => {
  test.skipIf(process.platform !== "linux").each(["--help", "run", "run --export-json -"])(
    "report %s >/dev/full: exit 74 with the reason",
    async (words) => {
      const { stderr } = await shell(`$yarn report ${words} >/dev/full; echo "exit $?" >&2`);
      expect(stderr).toMatch(
        /^(wrote .*\n)?stdout: cannot be written to \(ENOSPC: no space left on device, write\); .*\nexit 74\n$/,
      );
    },
  );

  test.each(["-", "/dev/stdout"])("--export-json %s | head -1: no stack, exit 0", async (target) => {
    // More than a pipe holds.
    await writeFile(join(folder, "run/result.json"), json(sampleResult({ trials: trialsWith(60) })));
    const line = `{ $yarn report run --export-json ${target}; echo "exit $?" >&2; } | head -1`;
    expect(await shell(line)).toEqual({
      stdout: "{\n",
      stderr: "wrote run/report.html; --open shows it in the browser\nexit 0\n",
    });
  });

  test.skipIf(process.platform !== "linux")("an export that fails costs no other one", async () => {
    expect(await report("run", "--export-csv", "/dev/full", "--export-json", "copy.json")).toEqual({
      exitCode: 74,
      stdout: "wrote run/report.html; --open shows it in the browser",
      stderr:
        "--export-csv /dev/full: cannot be written to (ENOSPC: no space left on device, write); name another file",
    });
    const [copy, result] = ["copy.json", "run/result.json"].map((file) =>
      readFile(join(folder, file), "utf8"),
    );
    expect(JSON.parse((await copy) ?? "")).toEqual(JSON.parse((await result) ?? ""));
  });

  test.skipIf(!SmallDisk.isPossible())("a report that has no room leaves the one before", async () => {
    using disk = SmallDisk.mount();
    const run = join(disk.path, "run");
    await cp(join(folder, "run"), run, { recursive: true });
    await report(run);
    const before = await readFile(join(run, "report.html"));
    disk.fill(20_000);
    const { exitCode, stderr } = await report(run);
    expect(stderr).toBe(
      `report ${run}/report.html: cannot be written to (ENOSPC: no space left on device, write); ` +
        "yarn report RUN --out FILE writes it elsewhere",
    );
    expect(exitCode).toBe(74);
    expect(before.equals(await readFile(join(run, "report.html")))).toBe(true);
    expect((await readdir(run)).sort()).toEqual(["history.jsonl.gz", "report.html", "result.json"]);
  });
});

describe("no output overwrites an input or another output", () => {
  test.each([
    ["run --out run/result.json", "--out run/result.json: the run run is read from there"],
    [
      "run --export-json run/history.jsonl.gz",
      "--export-json run/history.jsonl.gz: the run run is read from there",
    ],
    ["run --export-csv link/result.json", "--export-csv link/result.json: the run run is read from there"],
    ["run link --out link/result.json", "--out link/result.json: the run link is read from there"],
    [
      "run --export-csv a.csv --export-json ./a.csv",
      "--export-json ./a.csv: --export-csv goes there as well",
    ],
    ["run --export-csv run/report.html", "--export-csv run/report.html: report goes there as well"],
  ])("report %s: exit 64", async (words, message) => {
    await symlink("run", join(folder, "link"));
    const before = await readFile(join(folder, "run/result.json"));
    const { exitCode, stdout, stderr } = await report(...words.split(" "));
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^${message}; name another file$`));
    expect((await readdir(folder)).sort()).toEqual(["link", "run"]);
    expect((await readdir(join(folder, "run"))).sort()).toEqual(["history.jsonl.gz", "result.json"]);
    expect(await readFile(join(folder, "run/result.json"))).toEqual(before);
  });

  test("not over the file that stdout goes to, either", async () => {
    const { stderr } = await shell('$yarn report run --export-csv said.txt > said.txt; echo "exit $?" >&2');
    expect(stderr).toBe("--export-csv said.txt: stdout goes there as well; name another file\nexit 64\n");
  });
});

describe.skipIf(!SmallDisk.isPossible())("a run in a read-only archive", () => {
  let disk: SmallDisk;
  let run: string;

  beforeEach(async () => {
    disk = SmallDisk.mount();
    run = join(disk.path, "run");
    await cp(join(folder, "run"), run, { recursive: true });
    disk.close();
  });

  afterEach(() => disk[Symbol.dispose]());

  const closed = () =>
    expect.stringMatching(
      new RegExp(
        `^report ${run}/report.html: cannot be written to \\(EROFS: .*\\); yarn report RUN --out FILE writes it elsewhere$`,
      ),
    );

  test("can be exported, with a message that it has no report", async () => {
    const { exitCode, stdout, stderr } = await report(run, "--export-csv", "-");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: closed() });
    expect(stdout).toMatch(/^trial,scheme,/);
    expect(stdout.split("\n").length).toBeGreaterThan(3);
  });

  test("has its report elsewhere: --out", async () => {
    const { exitCode, stdout } = await report(run, "--out", "here.html", "--export-csv", "a.csv");
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: "wrote here.html; --open shows it in the browser",
    });
  });

  test("has no report if nothing else was requested: exit 64", async () => {
    expect(await report(run)).toEqual({ exitCode: 64, stdout: "", stderr: closed() });
  });
});

test("a truncated history is reported, with what is missing", async () => {
  const file = join(folder, "run/history.jsonl.gz");
  const { length } = await readFile(file);
  await truncate(file, Math.floor(length / 2));
  const { exitCode, stderr } = await report("run", "--export-trace", "-");
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr:
      "run has the history of 1 of 3 trials: that of 2, 3 was cut off or never written; timelines and traces lack " +
      "them, figures do not\nwrote run/report.html; --open shows it in the browser",
  });
  const page = await readFile(join(folder, "run/report.html"), "utf8");
  expect(
    page.includes("run has the history of 1 of 3 trials: that of 2, 3 was cut off or never written."),
  ).toBe(true);
  expect(page.includes("Every event that was recorded is here")).toBe(false);
});

test("--export-svg of a run without a whole failover: exit 74 with the reason, and the report is written", async () => {
  const { exitCode, stdout, stderr } = await report("run", "--export-svg", "hero.svg");
  expect({ exitCode, stdout }).toEqual({
    exitCode: 74,
    stdout: "wrote run/report.html; --open shows it in the browser",
  });
  expect(stderr).toBe("--export-svg: the run's history has no whole failover to draw; run it again");
  expect(await readdir(folder)).toEqual(["run"]);
});

test("--export-svg - prints the picture of a failover, and nothing else", async () => {
  const whole = await RunFolder.create(join(folder, "whole"));
  const story = new Story({ candidates: 2 }).joins(0, 0).claims(0, 0).joins(1, 1).fault(5, 1, 0);
  await appendHistory(join(whole.path, HISTORY), story.wakes(6, 1).claims(7, 1).settles(8, 1).told());
  await whole.save(sampleResult());
  const { exitCode, stdout, stderr } = await report("whole", "--export-svg", "-");
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: "wrote whole/report.html; --open shows it in the browser",
  });
  expect(stdout).toMatch(/^<svg .*The leader resigns\. Who wakes up\?.*<\/svg>$/s);
});

describe.skipIf(process.platform === "darwin")("--open", () => {
  const nowhere = { DISPLAY: "", WAYLAND_DISPLAY: "", BROWSER: "", WSL_DISTRO_NAME: "" };
  const somewhere = { ...nowhere, DISPLAY: ":0" };
  const yourself = () => `open ${join(folder, "run/report.html")} in a browser yourself`;

  /** The only program on the path, under the name of what starts browsers. */
  async function launcher(lines: string): Promise<NodeJS.ProcessEnv> {
    await mkdir(join(folder, "bin"));
    await writeFile(join(folder, "bin", "xdg-open"), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
    return { ...somewhere, PATH: join(folder, "bin") };
  }

  test("hands the report to the browser", async () => {
    const env = await launcher('echo "$1" > opened');
    expect(await reportWith(env, "run", "--open")).toEqual({
      exitCode: 0,
      stdout: "wrote run/report.html",
      stderr: "",
    });
    expect(await readFile(join(folder, "opened"), "utf8")).toBe(`${join(folder, "run/report.html")}\n`);
  });

  test("does not wait for a browser that stays", async () => {
    const env = await launcher("echo $$ > pid; exec /bin/sleep 60");
    const start = performance.now();
    try {
      expect(await reportWith(env, "run", "--open")).toMatchObject({ exitCode: 0, stderr: "" });
      expect(performance.now() - start).toBeLessThan(30_000);
    } finally {
      process.kill(Number(await readFile(join(folder, "pid"), "utf8")));
    }
  });

  test.each([
    ["without a display", () => nowhere, "there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set"],
    [
      "without a program for it",
      () => ({ ...somewhere, PATH: folder }),
      "there is no program here that starts one, such as xdg-open",
    ],
    ["without a browser", () => launcher("exit 3"), "no browser could be started (xdg-open failed)"],
  ])("%s: says so in one line, and exit 0", async (_what, env, reason) => {
    expect(await reportWith(await env(), "run", "--open")).toEqual({
      exitCode: 0,
      stdout: "wrote run/report.html",
      stderr: `--open: ${reason}; ${yourself()}`,
    });
  });
});

/**
 * The lab on a machine that does not grant what it needs: one sentence, before anything is measured, and
 * nothing left.
 */
import { existsSync, mkdirSync, rmdirSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLocal } from "./ensemble/local.ts";
import { Scratch } from "./ensemble/scratch.ts";
import { bundle } from "./package-root.ts";
import { permits } from "./testing/permits.ts";

const program = bundle("cli.js");
const lab = [process.execPath, program, "lab"];

let base: string;
/** The program's working folder: by default, runs are saved here. */
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
    timeout: 150_000,
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
    expect(stderr).toMatch(
      /^\/.*\/missing: temporary files cannot be written there \(ENOENT.*set TMPDIR to another folder$/,
    );
    await expectNothingLeft();
  });

  test.runIf(permits("unshare", "-m", "true")).each([
    [
      "read-only",
      "ro",
      /^.*: temporary files cannot be written there \(EROFS.*set TMPDIR to another folder$/,
    ],
    [
      "mounted noexec",
      "noexec",
      /^.* permits no code to be loaded from it .*set TMPDIR to another folder for temporary files$/,
    ],
    // The system's unit is a page or larger.
    [
      "full",
      "size=4k",
      /^.*: temporary files cannot be written there \(ENOSPC.*set TMPDIR to another folder$/,
    ],
  ])("that is %s: exit 69", async (_what, option, words) => {
    const within = `mount -t tmpfs -o ${option} tmpfs "$0" && { cp "$1" "$0" 2>/dev/null; "$@"; code=$?; ls "$0" | grep zk; exit $code; }`;
    const mounted = ["unshare", "-m", "sh", "-c", within, temporary, ...lab];
    const { exitCode, stdout, stderr } = await run(mounted);
    expect({ exitCode, stdout }).toEqual({ exitCode: 69, stdout: "" });
    expect(stderr).toMatch(words);
    await expectNothingLeft();
  });
});

describe("a control group", () => {
  const group = groupOfOurs();

  afterAll(() => {
    if (group !== undefined) rmdirSync(group.folder);
  });

  // Few machines let the tests' user make one.
  test.runIf(group !== undefined)("with little memory: exit 64, and the figures", async () => {
    if (group === undefined) return;
    await writeFile(join(group.folder, group.limit), "1000M");
    const enter = `echo $$ >"${join(group.folder, "cgroup.procs")}" && exec "$0" "$@"`;
    const { exitCode, stdout, stderr } = await run(["sh", "-c", enter, ...lab, "--candidates", "100"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(stderr).toMatch(
      /^--candidates 100: what is left of a limit of 1048576000 bytes of memory \(\/.*\) is \d+, and about \d+ are needed; at most \d+ candidates fit; .*$/,
    );
    await expectNothingLeft();
  });
});

describe("a limit on threads that is reached in the middle", () => {
  /** Nobody else runs anything as this user. */
  const asUser = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"];
  const [command = "", ...options] = [...asUser, "prlimit", "--nproc=100", process.execPath];

  test.runIf(permits(command, ...options, "-e", `fs.accessSync(${JSON.stringify(program)})`))(
    "is told as such: exit 69, and nothing is left",
    async () => {
      await using scratch = await Scratch.create();
      const ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "limits-test" });
      const before = await ensemble.session.children("/zk-election-lab");
      for (const path of [base, folder, temporary]) await chmod(path, 0o777);
      // The run needs 94, of which 30 for candidates; with these, no more than ten are left.
      const others =
        'for i in $(seq 60); do sleep 60 >&- 2>&- & all="$all $!"; done; "$0" "$@"; code=$?; kill $all; wait; exit $code';
      const { exitCode, stdout, stderr } = await run([
        ...[...asUser, "prlimit", "--nproc=94", "sh", "-c", others, ...lab, "--connect", ensemble.connect],
        ..."--candidates 30 --failovers 1 --scheme heir --quiet --out out".split(" "),
      ]);
      expect(stdout).toMatch(
        /^heir, 30 candidates, resign: errored, --candidates 30: the system starts no thread for candidate \d+ \(EAGAIN\); .*ulimit -u/m,
      );
      expect(stdout).not.toMatch(/interrupt/i);
      expect({ exitCode, stderr }).toEqual({ exitCode: 69, stderr: "" });
      expect(await ensemble.session.children("/zk-election-lab")).toEqual(before);
      await ensemble.close();
      await rm(join(folder, "out"), { recursive: true });
      await expectNothingLeft();
    },
  );
});

/** A control group for memory, in either version; undefined if none can be made. */
function groupOfOurs(): { readonly folder: string; readonly limit: string } | undefined {
  for (const [parent, limit] of [
    ["/sys/fs/cgroup/memory", "memory.limit_in_bytes"],
    ["/sys/fs/cgroup", "memory.max"],
  ] as const) {
    const folder = join(parent, `zk-election-lab-test-${process.pid}`);
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    if (existsSync(join(folder, limit))) return { folder, limit };
    rmdirSync(folder);
  }
  return undefined;
}

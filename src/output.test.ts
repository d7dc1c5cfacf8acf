/** What happens to output that nobody can take, seen from outside: a separate program writes it. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeProgram } from "./testing/program.ts";
import { SmallDisk } from "./testing/small-disk.ts";

let folder: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  program = await makeProgram(
    join(folder, "program.mjs"),
    `import { ending } from "./ending.ts";
     import { print } from "./output.ts";
     async function main([said, code]) {
       if (said === "columns") {
         print([process.stdout, process.stderr].map(({ columns, rows }) => columns + "x" + rows).join(" "));
       } else print("x".repeat(Number(said)));
       return Number(code);
     }
     process.exit(await ending(main(process.argv.slice(2))));`,
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
}

/** Writes this many characters, and would exit with the code. */
async function say(characters: number, to: string, code = 0): Promise<Ended> {
  const line = `"$0" "$1" ${characters} ${code} ${to}; echo "exit $?" >&2`;
  return promisify(execFile)("bash", ["-c", line, process.execPath, program]);
}

const full = "stdout: cannot be written to (ENOSPC: no space left on device, write); send it elsewhere\n";

describe.skipIf(process.platform !== "linux")("on a full device", () => {
  test("lost output turns a success into a failure", async () => {
    expect(await say(10, ">/dev/full")).toEqual({ stdout: "", stderr: `${full}exit 74\n` });
  });

  test.each([
    ["a verdict that is false", 1, 1],
    ["an interruption", 130, 130],
    ["a fault of ours", 70, 70],
    ["a verdict that is unknown", 2, 74],
    ["a threshold that was missed", 99, 74],
  ])("of it and %s, the graver one is the exit code", async (_what, code, exit) => {
    expect((await say(10, ">/dev/full", code)).stderr).toBe(`${full}exit ${exit}\n`);
  });
});

test.skipIf(!SmallDisk.isPossible())("a file that has room for half of it is a failure", async () => {
  using disk = SmallDisk.mount();
  disk.fill(8192);
  expect((await say(100_000, `> ${join(disk.path, "words")}`)).stderr).toBe(`${full}exit 74\n`);
});

test("a file is written completely, after its existing content", async () => {
  const file = join(folder, "words");
  expect((await say(100_000, `> ${file}`)).stderr).toBe("exit 0\n");
  expect((await say(1, `>> ${file}`)).stderr).toBe("exit 0\n");
  expect(await readFile(file, "utf8")).toBe(`${"x".repeat(100_000)}\nx\n`);
});

test.each([0, 1])("a reader that has seen enough is not a failure: exit %d as usual", async (code) => {
  // More than a pipe holds, so the reader is gone before all is written.
  const line = `{ "$0" "$1" 1000000 ${code}; echo "exit $?" >&2; } | head -c 5`;
  expect(await promisify(execFile)("bash", ["-c", line, process.execPath, program])).toEqual({
    stdout: "xxxxx",
    stderr: `exit ${code}\n`,
  });
});

test("a slow reader gets all of it", async () => {
  const line = '{ "$0" "$1" 1000000 0; echo "exit $?" >&2; } | { sleep 0.2; wc -c; }';
  const { stdout, stderr } = await promisify(execFile)("bash", ["-c", line, process.execPath, program]);
  expect([Number(stdout), stderr]).toEqual([1_000_001, "exit 0\n"]);
});

/** The pseudo-terminal of util-linux's `script`, which has none itself: nobody has told it a size. */
async function inTerminal(command: string): Promise<string> {
  const { stdout } = await promisify(execFile)("bash", [
    "-c",
    `script -qec '${command}' /dev/null < /dev/null`,
  ]);
  return stdout.replaceAll("\r", "");
}

describe.skipIf(process.platform !== "linux")("a terminal of 0 columns", () => {
  test("is treated as one of the usual size", async () => {
    expect(await inTerminal("stty size")).toBe("0 0\n");
    expect(await inTerminal(`${process.execPath} ${program} columns 0`)).toBe("80x24 80x24\n");
  });

  test("gets whole lines", async () => {
    const cli = join(import.meta.dirname, "..", "dist", "cli.js");
    const plan = `${process.execPath} ${cli} bench --plan --target-failover 3000`;
    const widths = (await inTerminal(plan)).split("\n").map((line) => stripVTControlCharacters(line).length);
    expect(Math.max(...widths)).toBeGreaterThan(70);
    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
    expect(widths.filter((width) => width < 20).length).toBeLessThan(5);
  });
});

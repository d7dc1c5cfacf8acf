/** Programs that are no candidates: each ends its trial soon, with a reason, and leaves nothing behind. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import type { Result } from "../export/result.ts";
import { bundle } from "../package-root.ts";

let folder: string;
let scratch: Scratch;
let ensemble: LocalEnsemble;
let runs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "programs-test" });
});

afterAll(async () => {
  await ensemble?.close();
  await scratch?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly exitCode: number | undefined;
  readonly reason: string;
  readonly stderrOf: (candidate: number) => Promise<string>;
}

async function lab(command: string, fault = "resign"): Promise<Ran> {
  const out = `run-${++runs}`;
  const args = [
    "--fault",
    fault,
    "--candidates",
    "2",
    "--failovers",
    "1",
    "--session-timeout",
    "2000",
    "--out",
    out,
  ];
  const { exitCode } = await execa(
    process.execPath,
    [bundle("cli.js"), "lab", "--connect", ensemble.connect, "--candidate", command, ...args],
    { cwd: folder, reject: false, timeout: 150_000 },
  );
  const { trials } = JSON.parse(await readFile(join(folder, out, "result.json"), "utf8")) as Result;
  const [trial] = trials;
  if (trial === undefined) throw new Error("the run has no trial");
  // Nobody is left in the election, not even of a program that was killed.
  expect(trial.verdicts.cleanup).toEqual({ valid: true });
  return {
    exitCode,
    reason: trial.state === "completed" ? "" : (trial.reason ?? ""),
    stderrOf: (candidate) => readFile(join(folder, out, "candidates", `${candidate}.stderr`), "utf8"),
  };
}

/** A program that does this when it is told to join, and is said to have this process's number. */
async function program(body: string): Promise<string> {
  const file = join(folder, `program-${++runs}.mjs`);
  await writeFile(
    file,
    `import { connect } from "node:net";
     import { createInterface } from "node:readline";
     const say = (text) => process.stdout.write(text + "\\n");
     const lines = createInterface({ input: process.stdin });
     lines.once("line", (line) => { const told = JSON.parse(line); ${body} });`,
  );
  return `${process.execPath} ${file}`;
}

test.each([
  [
    "is not there",
    "/no/such/program",
    /^candidate 0: its process has ended \(exit code 127\); it wrote: .*not found/,
  ],
  ["ends at once", "true", /^candidate 0: its process has ended \(exit code 0\)$/],
  [
    "fails at once",
    "sh -c 'echo no luck >&2; exit 3'",
    /^candidate 0: .*\(exit code 3\); it wrote: no luck$/,
  ],
  ["kills itself", "sh -c 'kill -9 $$'", /^candidate 0: its process has ended \(SIGKILL\)$/],
])("one that %s", async (_, command, reason) => {
  const ran = await lab(command);
  expect(ran.reason).toMatch(reason);
  expect(ran.exitCode).toBe(64);
});

test.each([
  ["prints rubbish", 'say("hello")', /^candidate 0: it printed "hello", which is not JSON/],
  [
    "says what nobody understands",
    `say('{"type":"elected"}')`,
    /^candidate 0: it said "elected", which is none of/,
  ],
  [
    "prints one endless line",
    'process.stdout.write("x".repeat(70000))',
    /a line of more than 65536 characters$/,
  ],
  ["gives up", `say('{"type":"error","message":"no heart"}')`, /^candidate 0: it says: no heart$/],
  [
    "leads without a contender",
    `say('{"type":"leading"}')`,
    /^candidate 0: it says that it leads, and has no contender in the election$/,
  ],
  [
    "no longer leads, and never has",
    `say('{"type":"ended"}')`,
    /^candidate 0: it says that it no longer leads, and has not said that it does$/,
  ],
])("one that %s", async (_, body, reason) => {
  const ran = await lab(await program(body));
  expect(ran.reason).toMatch(reason);
  expect(ran.exitCode).toBe(64);
});

test("one that opens a second session", async () => {
  const ran = await lab(
    await program(
      `const [host, port] = told.connect.split(/[,:/]/);
       // Connecting asks for a session: no protocol, zxid, id or password yet, and a timeout of 2000 ms.
       const asks = Buffer.alloc(48);
       asks.writeInt32BE(44);
       asks.writeInt32BE(2000, 16);
       asks.writeInt32BE(16, 28);
       const open = (then) => connect(Number(port), host).once("data", then).write(asks);
       open(() => open(() => {}));`,
    ),
  );
  expect(ran.reason).toMatch(/^candidate 0: it has opened a second session, and a candidate has one$/);
  expect(ran.exitCode).toBe(64);
});

test("one that does nothing, and ignores that it is to leave, is killed; what it wrote is kept", async () => {
  const ran = await lab(
    await program(
      'console.error("I am busy"); process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);',
    ),
  );
  expect(ran.reason).toBe(
    "candidate 0: it has opened no session with the servers that it was given within 20 s, and has said nothing; " +
      "it wrote: I am busy",
  );
  expect(await ran.stderrOf(0)).toBe("I am busy\n");
  expect(ran.exitCode).toBe(64);
});

test("one that is started by a wrapper is not what is killed, and that shows", async () => {
  const file = join(folder, "wrapper.sh");
  const ours = `"${process.execPath}" "${bundle("candidate-process.cjs")}" '{"name":"heir"}'`;
  await writeFile(file, `${ours}\necho "it has ended" >&2\n`);
  const ran = await lab(`sh ${file}`, "kill");
  expect(ran.reason).toMatch(
    /^candidate 0: its process has ended, and another process has closed its session; let the command become the /,
  );
  expect(ran.exitCode).toBe(64);
});

/** Faults that strike servers which are not the run's own, through a user's command. */
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { HookAction } from "../ensemble/hook-calls.ts";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { leaderOf } from "../ensemble/member.ts";
import { Scratch } from "../ensemble/scratch.ts";
import type { Result } from "../export/result.ts";
import { LabError } from "../lab-error.ts";
import { parseLab } from "../options/lab.ts";
import { expectAllValid } from "../testing/verdicts.ts";
import { hostAndPort } from "../zookeeper/connect-string.ts";
import { runLab } from "./lab.ts";
import type { Observer } from "./progress.ts";

/** Asks the user's machines, which are in this process, and fails as they say. */
const HOOK = `
  import { connect } from "node:net";
  const socket = connect(process.argv[2]);
  socket.end(process.argv.slice(3).join(" "));
  socket.setEncoding("utf8").on("data", (failure) => {
    process.stderr.write(failure);
    process.exitCode = 1;
  });
`;

let folder: string;
let scratch: Scratch;
/** Stands in for the user's own ensemble. */
let users: LocalEnsemble;
let machines: Server;
let hook: string;
/** What the machines were asked to do, besides the checks. */
let calls: string[] = [];
/** Why the machines refuse an action. */
let refuses: Partial<Record<HookAction, string>> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  scratch = await Scratch.create();
  users = await startLocal(scratch, { servers: 3, tickTimeMs: 200, fsync: false, runId: "hook-test" });
  await writeFile(join(folder, "hook.mjs"), HOOK);
  const path = join(folder, "machines");
  hook = `'${process.execPath}' '${join(folder, "hook.mjs")}' '${path}'`;
  machines = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once("data", async (asked) => {
      const [action, server] = String(asked).split(" ") as [HookAction, string];
      await act(action, server);
      socket.end(refuses[action] ?? "");
    });
  });
  await once(machines.listen(path), "listening");
});

async function act(action: HookAction, server: string): Promise<void> {
  const member = users.members.find(({ address }) => hostAndPort(address) === server);
  if (member === undefined) throw new Error(`${server} is not a user's server`);
  if (action === "check") return;
  calls.push(`${action} ${server}`);
  if (refuses[action] !== undefined) return;
  // As a script on the server's machine would.
  if (action === "kill") process.kill(member.process.pid, "SIGKILL");
  if (action === "pause") process.kill(member.process.pid, "SIGSTOP");
  if (action === "resume") process.kill(member.process.pid, "SIGCONT");
  if (action === "start") await member.process.restart();
}

afterEach(async () => {
  calls = [];
  refuses = {};
  await rm(join(folder, "run"), { recursive: true, force: true });
});

afterAll(async () => {
  machines.close();
  await users.close();
  await scratch[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

interface Means {
  readonly observer?: Observer;
  readonly signal?: AbortSignal;
  readonly command?: string;
}

async function lab(
  fault: string,
  { observer = () => undefined, signal, command = hook }: Means = {},
): Promise<Result> {
  const options = await parseLab([
    ...["--connect", users.connect, "--server-hook", command, "--yes-on", "127.0.0.1", "--fault", fault],
    ...["--candidates", "3", "--failovers", "1", "--scheme", "heir", "--session-timeout", "2000"],
    ...["--out", join(folder, "run")],
  ]);
  if (options.type !== "measure") throw new Error("these options are those of a lab");
  const { result } = await runLab(options.plan, [observer], signal ?? new AbortController().signal);
  return result;
}

/** The actions, which all were on the same server. */
function actions(): string[] {
  expect(new Set(calls.map((call) => call.split(" ")[1])).size).toBe(1);
  return calls.map((call) => call.split(" ")[0] ?? "");
}

test("servers of the user's own ensemble are struck through the command, and mended", async () => {
  const leading = hostAndPort((await leaderOf(users.members)).address);
  const { trials } = await lab("quorum-leader-kill");
  for (const { state, reason } of trials) expect({ state, reason }).toEqual({ state: "completed" });
  expectAllValid({ trials });
  expect(calls).toEqual([`kill ${leading}`, `start ${leading}`]);
  expect(await Promise.all(users.members.map((member) => member.role()))).not.toContain(null);
});

test("a run that is interrupted mends them before it ends", async () => {
  const interruption = new AbortController();
  const running = lab("server-pause", { signal: interruption.signal });
  await vi.waitFor(() => expect(calls).toHaveLength(1), 60_000);
  interruption.abort();
  expect((await running).run.state).toBe("interrupted");
  expect(actions()).toEqual(["pause", "resume"]);
});

test("an action that fails ends the run with the command's own words, and is undone nevertheless", async () => {
  refuses = { kill: "no route to host" };
  const { trials } = await lab("server-kill");
  expect(trials).toMatchObject([
    {
      state: "errored",
      reason: expect.stringMatching(/^--server-hook: kill 127\.0\.0\.1:\d+: exit code 1: no route to host; /),
    },
  ]);
  expect(actions()).toEqual(["kill", "start"]);
});

test("a command that cannot do it is refused before anything starts", async () => {
  refuses = { check: "no such host" };
  const told: unknown[] = [];
  const refused = lab("server-kill", { observer: ({ type }) => told.push(type) });
  await expect(refused).rejects.toThrow(
    /^--server-hook: check 127\.0\.0\.1:\d+: exit code 1: no such host; /,
  );
  await expect(lab("server-kill", { command: join(folder, "missing") })).rejects.toThrow(LabError);
  expect(told).not.toContain("failover");
  expect(calls).toEqual([]);
});

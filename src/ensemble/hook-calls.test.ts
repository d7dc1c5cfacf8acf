import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HookCalls } from "./hook-calls.ts";
import { Scratch } from "./scratch.ts";
import { ServerHook } from "./server-hook.ts";

let folder: string;
let log: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  log = join(folder, "log");
  await writeFile(log, "");
});

afterEach(() => rm(folder, { recursive: true }));

/** A command that notes how it was called, and then does more. */
async function hookThat(more: string): Promise<string> {
  const file = join(folder, "hook.sh");
  await writeFile(file, `echo "$@" >>'${log}'\n${more}\n`);
  return `sh '${file}'`;
}

async function noted(): Promise<string[]> {
  return (await readFile(log, "utf8")).trim().split("\n");
}

const server = "zk1:2181";
const withinMs = 5000;

test("is called with an action and the server, and done when it exits with 0", async () => {
  const hook = `${await hookThat("exit 0")} --cluster 'one two'`;
  expect(await new HookCalls().run({ hook, action: "pause", server, withinMs })).toBe(null);
  expect(await noted()).toEqual(["--cluster one two pause zk1:2181"]);
});

test.each([
  ["fails", "echo no route >&2; exit 3", "exit code 3: no route"],
  ["leaves a program behind that holds its errors open", "sleep 5 & echo no >&2; exit 4", "exit code 4: no"],
])("says why one that %s does, with its last words", async (_, more, words) => {
  expect(await new HookCalls().run({ hook: await hookThat(more), action: "kill", server, withinMs })).toBe(
    words,
  );
});

test("says that a command is missing", async () => {
  const call = { hook: join(folder, "missing"), action: "check", server, withinMs } as const;
  expect(await new HookCalls().run(call)).toMatch(/^exit code 127: .*missing/);
});

test("ends one that hangs, and what it has started", async () => {
  const hook = await hookThat(`echo waiting >&2; sleep 60 & echo $! >'${log}'; wait`);
  const failure = await new HookCalls().run({ hook, action: "kill", server, withinMs: 300 });
  expect(failure).toBe("it took longer than 300 ms: waiting");
  const pid = Number(await readFile(log, "utf8"));
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), 5000);
});

test("what a run has not undone when it lets go, or is gone, the keeper undoes", async () => {
  const scratch = await Scratch.create();
  const address = { host: "zk1", port: 2181 };
  const other = { host: "zk2", port: 2181 };
  try {
    const hook = new ServerHook(scratch, await hookThat("exit 0"));
    await hook.controlsOf(address).kill();
    await hook.controlsOf(address).restart();
    await hook.controlsOf(address).pause();
    await hook.controlsOf(other).kill();
  } finally {
    await scratch[Symbol.asyncDispose]();
  }
  const [first, second, third, fourth, ...undone] = await noted();
  expect([first, second, third, fourth]).toEqual([
    "kill zk1:2181",
    "start zk1:2181",
    "pause zk1:2181",
    "kill zk2:2181",
  ]);
  expect(undone.toSorted()).toEqual(["resume zk1:2181", "start zk2:2181"]);
});

test("names a server that cannot be made whole, and what to do", async () => {
  const calls = new HookCalls();
  const hook = await hookThat('[ "$1" = kill ] && exit 0; echo it is broken >&2; exit 1');
  await calls.run({ hook, action: "kill", server, withinMs });
  expect(await calls.settle()).toEqual([
    "--server-hook: start zk1:2181 failed (exit code 1: it is broken), so it stays struck; do it by hand: " +
      `${hook} start zk1:2181`,
  ]);
});

const examples = readFileSync(join(import.meta.dirname, "../../docs/server-hook.md"), "utf8")
  .split("```bash\n")
  .slice(1)
  .map((rest) => rest.split("```")[0] ?? "");

test("the documentation's examples ask each tool for each action, and succeed when it does", async () => {
  expect(examples).toHaveLength(3);
  for (const tool of ["ssh", "docker", "kubectl"])
    await writeFile(join(folder, tool), `#!/bin/sh\necho "$(basename $0) $*" >>'${log}'\n`, { mode: 0o755 });
  const actions = ["check", "kill", "start", "pause", "resume"] as const;
  const servers = ["zk1:2181", "127.0.0.1:2182", "zk-1.zk-headless:2181"] as const;
  for (const [index, example] of examples.entries()) {
    const file = join(folder, `example-${index}.sh`);
    await writeFile(file, example);
    const hook = `PATH='${folder}':"$PATH" sh '${file}'`;
    for (const action of actions)
      expect(await new HookCalls().run({ hook, action, server: servers[index] ?? "", withinMs })).toBe(null);
  }
  const asked = await noted();
  expect(asked.map((line) => line.split(" ")[0])).toEqual(
    ["ssh", "docker", "kubectl"].flatMap((tool) => Array(5).fill(tool)),
  );
  expect(asked[1]).toBe(
    "ssh -o BatchMode=yes -o ConnectTimeout=5 root@zk1 systemctl kill -s KILL zookeeper; systemctl stop zookeeper",
  );
  expect(asked[8]).toBe("docker pause zk2");
  expect(asked[13]).toBe("kubectl exec zk-1 -- pkill -STOP -f QuorumPeerMain");
});

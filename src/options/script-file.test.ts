import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Result } from "../export/result.ts";
import type { Fault, StrikeContext } from "../faults/fault.ts";
import { outcomeOf, removalMs } from "../faults/outcome.ts";
import { bundle } from "../package-root.ts";
import { parseLab } from "./lab.ts";
import { loadScripts } from "./script-file.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;

async function file(text: string, ending = "js"): Promise<string> {
  const path = join(folder, `strike-${++files}.${ending}`);
  await writeFile(path, text);
  return path;
}

function source(strike: string, members = 'leader: "same"'): string {
  return `export const fault = { name: "mine", ${members}, async strike(scene) { ${strike} } };`;
}

async function load(text: string, ending = "js"): Promise<Fault> {
  const word = `script:${await file(text, ending)}`;
  const fault = (await loadScripts(word)).get(word);
  if (fault === undefined) throw new Error("it is loaded");
  return fault;
}

/** What the lab is asked to do, in order. */
function recorded(): { context: StrikeContext; acts: string[] } {
  const acts: string[] = [];
  const rule = (what: string) => ({ end: async () => void acts.push(`end ${what}`) });
  const one = { name: "one" };
  const context = {
    ...{ failover: 4, candidates: 3, timing: { sessionTimeoutMs: 2000, tickTimeMs: 100 } },
    record: (victim: number) => void acts.push(`record ${victim}`),
    healed: () => void acts.push("healed"),
    strike: (candidate: number, blow: object) => void acts.push(`${candidate} ${JSON.stringify(blow)}`),
    pass: (ms: number) => delay(ms, undefined, { ref: false }),
    network: {
      cut: async ([candidate]: number[], options: object) => {
        acts.push(`cut ${candidate} ${JSON.stringify(options)}`);
        return rule("cut");
      },
    },
    servers: {
      all: [one],
      leading: async () => one,
      pause: async () => void acts.push("pause"),
      mend: async () => void acts.push("mend"),
    },
  };
  return { context: context as unknown as StrikeContext, acts };
}

test("a file's fault does its parts in order; the first begins the strike, and the end makes all whole", async () => {
  const fault = await load(
    `import type { FaultScript } from "zk-election-lab";
     export const fault: FaultScript = {
       name: "mine", leader: "next", servers: 1, relays: ["candidates"],
       async strike({ leader, candidates, servers, failover, sessionTimeoutMs, ...act }) {
         const server = await act.leadingServer();
         await act.pass(5);
         await act.cut(leader, sessionTimeoutMs / 2);
         await act.pause(server);
         await act.freeze(candidates - 1, 10 * failover + servers.length);
       },
     };`,
    "ts",
  );
  expect(fault).toMatchObject({ name: "mine", leader: "next" });
  expect(fault.needs.map(({ what }) => what)).toEqual(["servers", "network"]);
  const { context, acts } = recorded();
  await fault.strike([1], context);
  expect(acts).toEqual([
    "record 1",
    'cut 1 {"forMs":1000}',
    "pause",
    '2 {"type":"freeze","failover":null,"ms":41}',
    "end cut",
    "mend",
    "healed",
  ]);
});

test.each([
  ["throws", "throw new Error('too hard')", "it throws: too hard"],
  [
    "throws later",
    "setTimeout(() => { throw new Error('too late') }); await new Promise(() => setInterval(() => 0, 9))",
    "it throws: too late",
  ],
  ["hangs", "await new Promise(() => setInterval(() => 0, 1000))", "it has not returned after 700 ms"],
  ["loops", "await scene.pass(1); for (;;);", "it has not returned after 700 ms"],
  ["waits for nothing that comes", "await new Promise(() => 0)", "it has not returned after 700 ms"],
  ["ends its thread", "process.exit(3)", "it ends its thread, or waits for something that never comes"],
  ["strikes a server that is not there", "await scene.pause(7)", "it throws: there is no server 7"],
  [
    "strikes a candidate that is not there",
    "await scene.freeze(3, 10)",
    "it throws: there is no candidate 3",
  ],
])("one that %s says so, and what it had cut is whole", async (_, strike, reason) => {
  const withinMs = `withinMs: ${reason.includes("700 ms") ? 700 : 30_000}`;
  const fault = await load(
    source(`await scene.cut(0); ${strike}`, `leader: "same", servers: 1, ${withinMs}`),
  );
  const { context, acts } = recorded();
  await expect(fault.strike([0], context)).rejects.toThrow(`fault mine: strike() fails: ${reason}`);
  expect(acts).toEqual(["record 0", "cut 0 {}", "end cut", "mend", "healed"]);
});

test.each([
  ["does no harm", "await scene.pass(1)", "it has struck nobody and nothing; call an act that does harm"],
  [
    "kills a server and says no servers",
    "await scene.kill(1)",
    "it throws: a fault without fault.servers leaves servers alone; say how many it needs",
  ],
  ["mends and says no servers", "await scene.mend()", "it throws: a fault without fault.servers"],
  [
    "asks who leads and says no servers",
    "await scene.leadingServer()",
    "it throws: a fault without fault.servers",
  ],
  [
    "holds what is no packet",
    "await scene.hold(0, 'bogus', 10)",
    "it throws: no packet is called 'bogus'; choose from sync, ping, children, get, create, remove",
  ],
  ["freezes a text", "await scene.freeze('1', 9)", "it throws: there is no candidate '1'; give a number"],
  ["freezes for a text", "await scene.freeze(1, '9')", "it throws: '9' is no time; give milliseconds"],
])("one that %s is refused, and nothing is struck", async (_, strike, reason) => {
  const fault = await load(source(strike));
  const { context, acts } = recorded();
  await expect(fault.strike([0], context)).rejects.toThrow(`fault mine: strike() fails: ${reason}`);
  expect(acts).toEqual([]);
});

test.each([
  ["pauses a text", "await scene.pause('1')", "there is no server '1'; give a number from 1 to 1", ["mend"]],
  ["separates a server from itself", "await scene.separate(1, 1)", "separate needs two different", ["mend"]],
  [
    "moves after it has struck",
    "await scene.freeze(0, 1); await scene.move(0, 1)",
    "the strike has begun; call move before the first act that does harm",
    ["record 0", '0 {"type":"freeze","failover":null,"ms":1}', "mend", "healed"],
  ],
])("one that %s is refused there", async (_, strike, reason, done) => {
  const fault = await load(source(strike, 'leader: "same", servers: 1'));
  const { context, acts } = recorded();
  await expect(fault.strike([0], context)).rejects.toThrow(`it throws: ${reason}`);
  expect(acts).toEqual(done);
});

test("two files whose faults have the same name are told apart from one that is given twice", async () => {
  const [one, other] = [`script:${await file(source(""))}`, `script:${await file(source(""))}`];
  await expect(parseLab(["--fault", `${one},${other}`])).rejects.toThrow(
    `--fault: ${one} and ${other} both call themselves mine; rename one`,
  );
  await expect(parseLab(["--fault", `${one},${one}`])).rejects.toThrow(`${one} is in the list twice`);
});

test("theory cannot know when it unseats the leader, but its liveness has a bound", async () => {
  const timing = { sessionTimeoutMs: 2000, tickTimeMs: 100 };
  const next = await load(source("", 'leader: "next"'));
  expect(outcomeOf(next, 2000)).toEqual({ leader: "next", silentMs: null });
  expect(removalMs(next, timing)).toBe(2100);
  expect(outcomeOf(await load(source("")), 2000)).toEqual({ leader: "same", silentMs: 0 });
});

test.each([
  [2, 1, "give --servers 3 or 5, not 1"],
  [4, 3, "give --servers 5, not 3"],
])("one that needs %i servers is told which numbers suffice", async (servers, given, words) => {
  const word = `script:${await file(source("", `leader: "same", servers: ${servers}`))}`;
  await expect(parseLab(["--fault", word, "--servers", String(given)])).rejects.toThrow(words);
});

test.each([
  ["export const scheme = {};", "it has no export named fault"],
  [source("").replace('"mine"', '"two words"'), "fault.name must be a word of letters, digits and dashes"],
  [source("").replace('"mine"', '"cut"'), "fault.name cut is taken; choose another one"],
  [source("", 'leader: "nobody"'), 'fault.leader must be "next" or "same"'],
  [source("", 'leader: "same", servers: 7'), "fault.servers must be a whole number from 0 to 5"],
  [source("", 'leader: "same", servers: 2.5'), "fault.servers must be a whole number from 0 to 5"],
  [
    source("", 'leader: "same", relays: "servers"'),
    'fault.relays must be a list of "candidates" and "servers"',
  ],
  [
    source("", 'leader: "same", relays: ["servers"]'),
    'fault.relays names "servers", so fault.servers must be 3 or more',
  ],
  ['export const fault = { name: "mine", leader: "same", strike: 5 };', "fault.strike must be a function"],
  ["throw new Error('no');", "it throws: no"],
  ["export const fault = {", "it cannot be read: "],
])("refuses %s", async (text, reason) => {
  const word = `script:${await file(text)}`;
  const error = await parseLab(["--fault", word]).catch((error) => error);
  expect(error).toMatchObject({ code: "usage" });
  expect(error.message).toContain(`--fault ${word}: ${reason}`);
});

test("refuses a file that is not there, and servers that the run does not have", async () => {
  await expect(parseLab(["--fault", "cut,script:./nowhere.ts"])).rejects.toThrow(
    "--fault script:./nowhere.ts: there is no such file",
  );
  const path = await file(source("", 'leader: "same", servers: 3'));
  await expect(parseLab(["--fault", `script:${path}`])).rejects.toThrow(
    "--fault mine: give --servers 3 or 5, not 1: the fault mine says that it needs as many",
  );
});

test("a run whose fault fails says why in one line, keeps what it has, and ends with 64", async () => {
  const path = await file(
    source(
      "if (scene.failover === 2) throw new Error('enough'); await scene.pass(1); await scene.freeze(1, 1)",
    ),
  );
  const out = join(folder, "run");
  const args = `lab --fault script:${path} --candidates 3 --scheme heir --failovers 3 --no-fsync --json --out ${out}`;
  const { exitCode, stdout, stderr } = await execa(process.execPath, [bundle("cli.js"), ...args.split(" ")], {
    reject: false,
  });
  const [trial] = (JSON.parse(stdout) as Result).trials;
  expect(trial).toMatchObject({ state: "errored", blame: "fault", fault: "mine" });
  expect(trial?.reason).toBe("fault mine: strike() fails: it throws: enough");
  expect(trial?.failovers[0]).toMatchObject({ end: "settled", successor: null });
  expect(stderr).not.toMatch(/^ +at /m);
  expect(exitCode).toBe(64);
});

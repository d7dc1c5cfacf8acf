/** Processes that die, with sessions whose wills somebody keeps. */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, monitor } from "../ensemble/four-letter-word.ts";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { type LocalMember, leaderOf } from "../ensemble/member.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { goneAfter, openFiles, runs, until, Willed } from "../testing/willed.ts";

/** So long that even a busy machine is done with a will long before. */
const TIMEOUT_MS = 8000;
const LONG_BEFORE_MS = TIMEOUT_MS / 2;
const TICK_MS = 100;

const isOnLinux = process.platform === "linux";

let scratch: Scratch;
let ensemble: LocalEnsemble;
let znodes = 0;
const next = () => `${ensemble.root}/willed-${++znodes}`;

async function willed(will = true, timeoutMs = TIMEOUT_MS): Promise<Willed> {
  return Willed.start(scratch.folder, { connect: ensemble.connect, timeoutMs, will });
}

async function keeperOf(one: Willed): Promise<number> {
  const keeper = await one.keeper();
  if (keeper === undefined) throw new Error("nobody keeps its wills");
  return keeper;
}

const gone = (...names: string[]) => goneAfter(ensemble.session, ...names);
const isThere = async (name: string) => (await ensemble.session.exists(name)) !== undefined;

describe("on one server", () => {
  beforeAll(async () => {
    scratch = await Scratch.create();
    ensemble = await startLocal(scratch, { tickTimeMs: TICK_MS, fsync: false, runId: "wills-test" });
  });

  afterAll(async () => {
    await ensemble.close();
    await scratch[Symbol.asyncDispose]();
  });

  test("the session of a process that is killed is over long before its timeout", async () => {
    await using one = await willed();
    await one.open(next());
    const name = next();
    await one.open(name);
    await one.kill();
    expect(await gone(name)).toBeLessThan(LONG_BEFORE_MS);
  });

  test("without a will it waits for its timeout", async () => {
    await using one = await willed(false);
    const name = next();
    await one.open(name);
    expect(await one.keeper()).toBe(undefined);
    await one.kill();
    expect(await gone(name)).toBeGreaterThan(LONG_BEFORE_MS);
  });

  test("so is that of a process that ends without a close, and the keeper ends itself", async () => {
    await using one = await willed();
    const name = next();
    await one.open(name);
    const keeper = await keeperOf(one);
    one.say({ type: "exit" });
    expect(await gone(name)).toBeLessThan(LONG_BEFORE_MS);
    await until("the keeper has ended", () => !runs(keeper));
  });

  test("all sessions of a process with a will are over at once, and no others", async () => {
    await using one = await willed();
    await using other = await willed();
    const [first, second, without, others] = [next(), next(), next(), next()];
    await one.open(first);
    await one.open(second);
    await one.open(without, false);
    await other.open(others);
    await one.kill();
    expect(await gone(first, second)).toBeLessThan(LONG_BEFORE_MS);
    expect(await isThere(without)).toBe(true);
    expect(await isThere(others)).toBe(true);
    expect(await other.keeper()).toBeDefined();
  });

  test("a session that is closed takes its will with it", async () => {
    await using one = await willed();
    const name = next();
    await one.open(name);
    const keeper = await keeperOf(one);
    await one.close(name);
    const asked = await sessionsAskedFor();
    expect(asked).toBeGreaterThan(0);
    await one.kill();
    await until("the keeper has ended", () => !runs(keeper));
    expect(await sessionsAskedFor()).toBe(asked);
  });

  test("nothing happens to the session of a process that is stopped, until it expires", async () => {
    await using one = await willed();
    const name = next();
    await one.open(name);
    one.stop();
    expect(await gone(name)).toBeGreaterThan(LONG_BEFORE_MS);
    one.continue();
  });

  test.runIf(isOnLinux)("a keeper that is killed is replaced, and the next one knows the wills", async () => {
    await using one = await willed();
    const [name, later] = [next(), next()];
    await one.open(name);
    const first = await keeperOf(one);
    process.kill(first, "SIGKILL");
    await until("there is another", async () => ![undefined, first].includes(await one.keeper()));
    const second = await keeperOf(one);
    await until("it has let go of what it inherited", () => socketsOf(second).length === 0);
    // Nobody else sees when it has been told the wills.
    await delay(TIMEOUT_MS / 4);
    await one.open(later);
    await one.kill();
    expect(await gone(name, later)).toBeLessThan(LONG_BEFORE_MS);
  });

  test("signals that are meant for the process do not end its keeper", async () => {
    await using one = await willed();
    const name = next();
    await one.open(name);
    const keeper = await keeperOf(one);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.kill(keeper, signal);
    await one.kill();
    expect(await gone(name)).toBeLessThan(LONG_BEFORE_MS);
  });

  test("a keeper that is stopped delays no opening for long, and the session expires as usual", async () => {
    await using one = await willed();
    const [name, later] = [next(), next()];
    await one.open(name);
    const keeper = await keeperOf(one);
    process.kill(keeper, "SIGSTOP");
    try {
      await one.open(later);
      await one.kill();
      expect(await gone(name, later)).toBeGreaterThan(LONG_BEFORE_MS);
    } finally {
      process.kill(keeper, "SIGCONT");
    }
    await until("the keeper has ended", () => !runs(keeper));
  });

  test("a process that was started meanwhile, and lives on, delays nothing", async () => {
    await using one = await willed();
    const name = next();
    await one.open(name);
    one.say({ type: "spawn" });
    const { pid } = await one.told("spawned");
    try {
      await one.kill();
      expect(await gone(name)).toBeLessThan(LONG_BEFORE_MS);
      expect(runs(pid)).toBe(true);
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });

  test("a worker thread is refused", async () => {
    await using one = await willed();
    one.say({ type: "open-in-worker" });
    const { message } = await one.told("failed");
    expect(message).toBe(
      "will: a worker thread may end while its process lives; open the session in the main thread",
    );
  });

  test.runIf(isOnLinux)("the keeper holds no socket of the process, and shows nobody a session", async () => {
    await using one = await willed();
    await one.open(next(), false);
    const { password } = await one.open(next());
    const keeper = await keeperOf(one);
    // One of its own is there while it rehearses.
    await until("it holds no socket", () => socketsOf(keeper).length === 0);
    expect(readFileSync(`/proc/${keeper}/environ`, "utf8")).toBe("");
    const shown = readFileSync(`/proc/${keeper}/cmdline`, "utf8");
    expect(shown).toContain("will-keeper");
    expect(shown).not.toContain(password);
  });
});

describe("on three servers", () => {
  /** Long enough for an election among servers, and for the onlooker to find one again. */
  const LONG_MS = 20_000;

  beforeAll(async () => {
    scratch = await Scratch.create();
    const options = { tickTimeMs: TICK_MS, fsync: false, runId: "wills-test", servers: 3 };
    ensemble = await startLocal(scratch, options);
  });

  afterAll(async () => {
    await ensemble.close();
    await scratch[Symbol.asyncDispose]();
  });

  test("another server ends a session whose own server dies with the process", async () => {
    await using one = await willed(true, LONG_MS);
    const name = next();
    const { id } = await one.open(name);
    const server = await serverOf(id);
    await Promise.all([one.kill(), server.process.kill()]);
    await overSoon(name);
    await server.process.restart();
  });

  test("servers that have lost their leader are asked again until they have another", async () => {
    const leader = await leaderOf(ensemble.members);
    await using one = await willed(true, LONG_MS);
    const name = next();
    await one.open(name);
    await Promise.all([one.kill(), leader.process.kill()]);
    await overSoon(name);
    await leader.process.restart();
  });

  async function overSoon(name: string): Promise<void> {
    const since = performance.now();
    // The onlooker may have lost its server as well.
    await until("it is gone", async () => !(await isThere(name).catch(() => true)));
    expect(performance.now() - since).toBeLessThan(LONG_MS / 2);
  }

  /** The server that a session is connected to. */
  async function serverOf(id: string): Promise<LocalMember> {
    for (const member of ensemble.members)
      if ((await ask(member.address, "cons")).includes(`sid=0x${id.replace(/^0+/, "")}`)) return member;
    throw new Error("no server knows its connection");
  }
});

/** The number of sessions that the server has been asked for. */
async function sessionsAskedFor(): Promise<number | undefined> {
  return (await monitor(ensemble.members[0].address))?.get("connection_request_count");
}

function socketsOf(pid: number): string[] {
  return openFiles(pid).filter((file) => file.startsWith("socket:"));
}

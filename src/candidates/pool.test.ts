import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import getPort from "get-port";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { decode } from "../election/contender-data.ts";
import { contendersOf } from "../election/contenders.ts";
import { monitor } from "../ensemble/four-letter-word.ts";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { createRecording } from "../history/ring.ts";
import { Tape } from "../history/tape.ts";
import { TcpRelay } from "../network/tcp-relay.ts";
import { CandidateFailed } from "./blame.ts";
import { Board, type BoardMemory } from "./board.ts";
import { Pool, type PoolOptions } from "./pool.ts";
import type { TrialContext } from "./protocol.ts";

const CANDIDATES = 3;
const WAIT_MS = 10_000;

let scratch: Scratch;
let ensemble: LocalEnsemble;
let election: string;
let elections = 0;
let memory: BoardMemory;
let board: Board;
let never: AbortSignal;
const pools: Pool[] = [];

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "pool-test" });
});

afterAll(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

beforeEach(() => {
  election = `${ensemble.root}/election-${++elections}`;
  never = new AbortController().signal;
});

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool[Symbol.asyncDispose]();
  // A server may count a session that has just ended for a moment more.
  await expect.poll(sessions).toBe(1);
});

function poolOf(options: Partial<PoolOptions> = {}): Pool {
  const candidates = options.candidates ?? CANDIDATES;
  memory = Board.create(candidates);
  board = new Board(memory);
  const pool = new Pool({
    candidates,
    hosts: candidates,
    connectFor: ensemble.connectFor,
    embedded: ensemble.embedded,
    auth: [],
    sessionTimeoutMs: 10_000,
    tickTimeMs: ensemble.tickTimeMs,
    board: memory,
    scratch: scratch.folder,
    ...options,
  });
  pools.push(pool);
  return pool;
}

function trialContext(changes: Partial<TrialContext> = {}): TrialContext {
  const recording = createRecording(20, 1000, process.hrtime.bigint());
  return {
    election,
    scheme: { name: "predecessor" },
    join: "by-list",
    inherits: false,
    recording,
    ...changes,
  };
}

async function started(options: Partial<PoolOptions> = {}): Promise<Pool> {
  const pool = poolOf(options);
  await pool.join(trialContext(), () => undefined, never);
  expect(await board.untilSettled(WAIT_MS, never)).toBe(true);
  return pool;
}

/** The decision of the predecessor scheme. */
const PREDECESSOR = `
  const before = contenders[position - 1];
  return before === undefined ? { type: "lead" } : { type: "watch", contender: before };`;

async function schemeFile(name: string, decide: string): Promise<{ url: string; title: string }> {
  const file = join(scratch.folder, `${name}.mjs`);
  await writeFile(
    file,
    `import { writeFileSync } from "node:fs";
     function onlyOnce(act) {
       try {
         writeFileSync(import.meta.filename + ".done", "", { flag: "wx" });
       } catch {
         return;
       }
       act();
     }
     export const scheme = {
       name: "${name}", watchesChildren: false, notifications: () => 0,
       decide({ contenders, position, cause }) { ${decide} },
     };`,
  );
  return { url: pathToFileURL(file).href, title: name };
}

/** The candidates in the order of the election. */
async function line(): Promise<number[]> {
  const contenders = contendersOf((await ensemble.session.children(election)) ?? []);
  return Promise.all(
    contenders.map(async ({ name }) => {
      const found = await ensemble.session.get(`${election}/${name}`);
      return Number(found && decode(found.data).data);
    }),
  );
}

/** Sessions on the server. The connection that asks is not one of them. */
async function sessions(): Promise<number | undefined> {
  const [{ address }] = ensemble.members;
  return (await monitor(address))?.get("global_sessions");
}

function statuses(): string[] {
  return Array.from({ length: CANDIDATES }, (_, candidate) => board.status(candidate));
}

describe("a pool of candidates", () => {
  test("starts all, reports how many have joined, and one of them leads", async () => {
    const joined: number[] = [];
    await poolOf().join(trialContext(), (count) => joined.push(count), never);
    expect(await board.untilSettled(WAIT_MS, never)).toBe(true);
    expect(joined).toEqual([1, 2, 3]);
    expect(statuses().toSorted()).toEqual(["leading", "settled", "settled"]);
    // It joined before all others.
    expect((await line())[0]).toBe(0);
    expect(board.status(0)).toBe("leading");
    expect(await sessions()).toBe(1 + CANDIDATES);
  });

  test("knows each one's session", async () => {
    const pool = await started();
    const ids = [0, 1, 2].map((candidate) => pool.identity(candidate).id);
    const owners = await Promise.all(
      contendersOf((await ensemble.session.children(election)) ?? []).map(async ({ name }) => {
        return (await ensemble.session.exists(`${election}/${name}`))?.ephemeralOwner;
      }),
    );
    expect(ids.toSorted()).toEqual(owners.toSorted());
  });

  test("the leader resigns when it is struck: the next one leads, and it may join again behind all", async () => {
    const pool = await started();
    const [first, second, third] = (await line()) as [number, number, number];
    const { claims } = board;
    const { id } = pool.identity(first);
    pool.strike(first, { type: "resign", failover: 1 });
    expect(await board.untilClaim(claims, WAIT_MS, never)).toBe(true);
    expect(board.status(second)).toBe("leading");
    await pool.command(first, { type: "join" });
    expect(await line()).toEqual([second, third, first]);
    expect(pool.identity(first).id).toBe(id);
  });

  test("the leader closes its session when it is struck, and joins again with another one", async () => {
    const pool = await started();
    const [first, second, third] = (await line()) as [number, number, number];
    const { claims } = board;
    const { id } = pool.identity(first);
    pool.strike(first, { type: "close", failover: 1 });
    expect(await board.untilClaim(claims, WAIT_MS, never)).toBe(true);
    await pool.command(first, { type: "join" });
    expect(await line()).toEqual([second, third, first]);
    expect(pool.identity(first).id).not.toBe(id);
    expect(await sessions()).toBe(1 + CANDIDATES);
  });

  test("a candidate obeys one command after the other", async () => {
    const pool = await started();
    const [first] = (await line()) as [number];
    pool.strike(first, { type: "resign", failover: 1 });
    await Promise.all([pool.command(first, { type: "join" }), pool.command(first, { type: "catch-up" })]);
    expect((await line()).at(-1)).toBe(first);
  });

  test("all stand down with their sessions, and join another election, and the first one again", async () => {
    const pool = await started();
    const ids = [0, 1, 2].map((candidate) => pool.identity(candidate).id);
    await pool.standDown();
    expect(await line()).toEqual([]);
    expect(statuses()).toEqual(["out", "out", "out"]);
    const first = election;
    election = `${ensemble.root}/election-${++elections}`;
    const other = trialContext({ scheme: { name: "leader" } });
    await pool.join(other, () => undefined, never);
    expect(await board.untilSettled(WAIT_MS, never)).toBe(true);
    expect((await line()).toSorted()).toEqual([0, 1, 2]);
    // Each election has its own history, in which the sessions are known.
    const types = new Set(new Tape(other.recording).take().map(({ type }) => type));
    // A leader's heartbeat may already have been answered.
    types.delete("beat");
    expect([...types].toSorted()).toEqual(
      ["armed", "claimed", "connected", "created", "creating", "read", "reading"].toSorted(),
    );
    await pool.standDown();
    election = first;
    await pool.join(trialContext(), () => undefined, never);
    expect((await line()).toSorted()).toEqual([0, 1, 2]);
    expect([0, 1, 2].map((candidate) => pool.identity(candidate).id)).toEqual(ids);
  });

  test("knows which session timeout the ensemble grants", async () => {
    const pool = poolOf({ sessionTimeoutMs: 100 });
    await pool.join(trialContext(), () => undefined, never);
    // Two ticks are the minimum.
    expect(pool.grantedTimeoutsMs).toEqual([400]);
  });

  test("leaves no session and no contender", async () => {
    const pool = await started();
    await pool[Symbol.asyncDispose]();
    expect(await line()).toEqual([]);
    expect(await sessions()).toBe(1);
    await expect(pool.command(0, { type: "catch-up" })).rejects.toThrow("candidate 0 left");
  });

  test("a frozen one is let go when all must leave", async () => {
    const pool = await started();
    pool.strike(1, { type: "freeze", failover: 1, ms: 1e6 });
    expect(await board.untilFrozen(WAIT_MS, never)).toBe(true);
    await pool[Symbol.asyncDispose]();
    expect(await line()).toEqual([]);
  });

  test("an aborted start starts nobody any more", async () => {
    const pool = poolOf({ candidates: 20 });
    const abort = new AbortController();
    const joined: number[] = [];
    await pool.join(
      trialContext(),
      (count) => {
        joined.push(count);
        abort.abort();
      },
      abort.signal,
    );
    expect(joined.length).toBeLessThan(20);
    expect(await line()).toHaveLength(joined.length);
  });

  test("a start that still goes on when all leave starts nobody any more", async () => {
    const pool = poolOf({ candidates: 20 });
    let left: Promise<void> | undefined;
    const starting = pool.join(
      trialContext(),
      () => {
        left ??= pool[Symbol.asyncDispose]();
      },
      never,
    );
    await starting.catch(() => undefined);
    await left;
    expect(await line()).toEqual([]);
    expect(await sessions()).toBe(1);
  });

  test(
    "may be left while candidates still join",
    async () => {
      // They never will: this server accepts, then is silent.
      const port = await getPort({ host: "127.0.0.1" });
      const silent = createServer((socket) => socket.on("error", () => undefined));
      await new Promise<void>((resolve) => silent.listen(port, "127.0.0.1", resolve));
      try {
        const pool = poolOf({ connectFor: () => `127.0.0.1:${port}` });
        const starting = pool.join(trialContext(), () => undefined, never).catch((error) => error);
        await once(silent, "connection");
        await pool[Symbol.asyncDispose]();
        expect(await starting).toBeInstanceOf(CandidateFailed);
      } finally {
        silent.close();
      }
    },
    WAIT_MS,
  );
});

describe("candidates that share a host", () => {
  const shared = { candidates: 5, hosts: 2 };

  test("join, know their own sessions, and are told apart in what they record", async () => {
    const pool = poolOf(shared);
    const trial = {
      ...trialContext(),
      recording: createRecording(shared.hosts, 1000, process.hrtime.bigint()),
    };
    await pool.join(trial, () => undefined, never);
    expect(await board.untilSettled(WAIT_MS, never)).toBe(true);
    expect((await line()).toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(new Set([0, 1, 2, 3, 4].map((candidate) => pool.identity(candidate).id)).size).toBe(5);
    expect(await pool.catchUp([0, 1, 2, 3, 4])).toEqual([]);
    const events = new Tape(trial.recording).take();
    const created = events.filter(({ type }) => type === "created").map(({ candidate }) => candidate);
    expect(created.toSorted()).toEqual([0, 1, 2, 3, 4]);
    // They share one loop, and its busy time.
    expect(events.filter(({ type }) => type === "caughtUp")).toHaveLength(shared.hosts);
  });

  test("are struck one by one: the next one leads, in whichever host it lives", async () => {
    const pool = await started(shared);
    const all = await line();
    for (const type of ["resign", "close", "resign", "close"] as const) {
      const [first = -1, second = -1] = await line();
      const { claims } = board;
      pool.strike(first, { type, failover: 1 });
      expect(await board.untilClaim(claims, WAIT_MS, never)).toBe(true);
      expect(board.status(second)).toBe("leading");
    }
    await pool.rejoin(all.slice(0, 4));
    const [leader, ...others] = await line();
    expect(leader).toBe(all[4]);
    expect(others.toSorted()).toEqual(all.slice(0, 4).toSorted());
    expect(await sessions()).toBe(1 + shared.candidates);
  });

  test("stand down together, and leave no session and no contender", async () => {
    const pool = await started(shared);
    await pool.standDown();
    expect(await line()).toEqual([]);
    expect(await sessions()).toBe(1 + shared.candidates);
    await pool[Symbol.asyncDispose]();
    expect(await sessions()).toBe(1);
    await expect(pool.command(3, { type: "catch-up" })).rejects.toThrow("candidates 1, 3 left");
  });

  test("leave in order when one of them is at a decision that never ends", async () => {
    const scheme = await schemeFile(
      "dithers-beside-others",
      `if (position === 1) onlyOnce(() => { for (;;); });${PREDECESSOR}`,
    );
    const pool = poolOf({ ...shared, hosts: 1, sessionTimeoutMs: 60_000 });
    void pool.join(trialContext({ scheme }), () => undefined, never).catch(() => undefined);
    const undecided = () => [0, 1, 2, 3, 4].map((who) => board.decision(who));
    await vi.waitFor(() => expect(undecided()).toContain(1), WAIT_MS);
    await pool[Symbol.asyncDispose]();
    expect(pool.brokenOff).toHaveLength(1);
    expect(await sessions()).toBe(1);
    expect(await line()).toEqual([]);
  });

  test("leave no session that a server had just created, beside a decision that never ends", async () => {
    const scheme = await schemeFile(
      "dithers-beside-one-that-connects",
      `if (cause === "notified") for (;;);${PREDECESSOR}`,
    );
    const [{ address: target }] = ensemble.members;
    await using second = await TcpRelay.start({ target });
    await using third = await TcpRelay.start({ target });
    const answer = third.holdAt("to-client", "connect");
    const connects = [ensemble.connectFor(0), second.connect, third.connect];
    const pool = poolOf({
      hosts: 1,
      connectFor: (candidate) => connects[candidate] ?? "",
      sessionTimeoutMs: 60_000,
    });
    void pool.join(trialContext({ scheme }), () => undefined, never).catch(() => undefined);
    await answer.reached;
    await vi.waitFor(() => expect(board.status(1)).toBe("settled"), WAIT_MS);
    pool.strike(0, { type: "resign", failover: 1 });
    await vi.waitFor(() => expect(board.decision(1)).toBeDefined(), WAIT_MS);
    const left = pool[Symbol.asyncDispose]();
    // The decision is broken off, and all in its thread leave.
    await vi.waitFor(() => expect(second.connections).toBe(0), { timeout: WAIT_MS, interval: 5 });
    await Promise.race([left, delay(200)]);
    answer.release();
    await left;
    await expect.poll(sessions).toBe(1);
  });
});

describe("a candidate that fails", () => {
  test("in its scheme, says why with the next command; all leave in order", async () => {
    const scheme = await schemeFile("throws", 'throw new Error("no idea what to watch");');
    const pool = poolOf();
    // Each may have joined before it fails, and then the start is complete.
    await pool.join(trialContext({ scheme }), () => undefined, never).catch(() => undefined);
    for (const candidate of [0, 1, 2]) {
      await vi.waitFor(async () => {
        const failing = pool.command(candidate, { type: "catch-up" });
        await expect(failing).rejects.toThrow(CandidateFailed);
        await expect(failing).rejects.toThrow("no idea what to watch");
      }, WAIT_MS);
    }
    await pool[Symbol.asyncDispose]();
    expect(await sessions()).toBe(1);
  });

  test("before it could do anything: its scheme's file is missing", async () => {
    const url = pathToFileURL(join(scratch.folder, "missing.mjs")).href;
    const trial = trialContext({ scheme: { url, title: "missing" } });
    await expect(poolOf().join(trial, () => undefined, never)).rejects.toThrow(/missing\.mjs/);
  });

  test("by an uncaught error, closes its session and says why; the others live on", async () => {
    const explode = 'setTimeout(() => { throw new Error("out of the blue"); })';
    const scheme = await schemeFile("explodes", `onlyOnce(() => ${explode});${PREDECESSOR}`);
    const pool = poolOf();
    await pool.join(trialContext({ scheme }), () => undefined, never).catch(() => undefined);
    const reasons = await vi.waitFor(async () => {
      const commands = [0, 1, 2].map((candidate) => pool.command(candidate, { type: "catch-up" }));
      const failed = (await Promise.allSettled(commands)).filter(({ status }) => status === "rejected");
      expect(failed).toHaveLength(1);
      return failed.map((settled) => String("reason" in settled && settled.reason));
    }, WAIT_MS);
    expect(reasons[0]).toMatch(/^CandidateFailed: .*out of the blue$/);
    await vi.waitFor(() => expect(statuses().toSorted()).toEqual(["leading", "out", "settled"]), WAIT_MS);
    expect(await line()).toHaveLength(2);
    await vi.waitFor(async () => expect(await sessions()).toBe(1 + CANDIDATES - 1), WAIT_MS);
  });

  test("by a decision that never ends, before anybody has noticed: all leave in order", async () => {
    const scheme = await schemeFile(
      "dithers",
      `if (position === 1) onlyOnce(() => { for (;;); });${PREDECESSOR}`,
    );
    const pool = poolOf({ sessionTimeoutMs: 60_000 });
    void pool.join(trialContext({ scheme }), () => undefined, never).catch(() => undefined);
    await vi.waitFor(() => expect([0, 1, 2].map((who) => board.decision(who))).toContain(1), WAIT_MS);
    await pool[Symbol.asyncDispose]();
    expect(pool.brokenOff).toHaveLength(1);
    expect(await sessions()).toBe(1);
    expect(await line()).toEqual([]);
  });
});

import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeProgram } from "../testing/program.ts";
import { Board, type BoardMemory } from "./board.ts";

/** Far beyond the time limit of a test: a wait this long has not been woken. */
const FOR_EVER_MS = 1e6;

/** A thread that freezes each time it is told to. */
const FREEZER = `
  import { parentPort, workerData } from "node:worker_threads";
  import { Board } from "./candidates/board.ts";
  const board = new Board(workerData);
  parentPort?.on("message", (ms) => {
    board.freeze(ms);
    parentPort?.postMessage("thawed");
  });
`;

let memory: BoardMemory;
let board: Board;
/** The same board, as seen by another thread. */
let others: Board;
let never: AbortSignal;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

beforeEach(() => {
  memory = Board.create(3);
  board = new Board(memory);
  others = new Board(memory);
  never = new AbortController().signal;
});

describe("what a candidate writes", () => {
  test("a decision has a number, until it is taken", () => {
    const decisions = () => [0, 1, 2].map((candidate) => board.decision(candidate));
    expect(decisions()).toEqual([undefined, undefined, undefined]);
    others.decides(1);
    const [, first] = decisions();
    expect(first).toEqual(expect.any(Number));
    others.decides(1);
    expect(decisions()).toEqual([undefined, undefined, undefined]);
    others.decides(1);
    expect(decisions()[1]).not.toBe(first);
  });

  test("is visible to all, each in its own line", () => {
    others.set(0, "leading", 7);
    others.set(2, "settled", -2);
    expect([0, 1, 2].map((candidate) => board.status(candidate))).toEqual(["leading", "out", "settled"]);
    expect([0, 1, 2].map((candidate) => board.sequence(candidate))).toEqual([7, 0, -2]);
  });

  test("every heartbeat counts", () => {
    expect(board.beats).toEqual({ syncs: 0, owns: 0, inFlight: 0 });
    others.beat("sync");
    others.beat("own");
    others.beat("sync");
    others.inFlight(1);
    expect(board.beats).toEqual({ syncs: 2, owns: 1, inFlight: 1 });
    others.inFlight(-1);
    expect(board.beats.inFlight).toBe(0);
    expect([board.claims, board.status(0)]).toEqual([0, "out"]);
  });

  test("every term that begins counts", () => {
    expect(board.claims).toBe(0);
    others.set(0, "leading", 1);
    others.set(0, "out");
    others.set(1, "leading", 2);
    expect(board.claims).toBe(2);
  });
});

describe("untilSettled", () => {
  test("an empty election is settled", async () => {
    expect(await board.untilSettled(FOR_EVER_MS, never)).toBe(true);
  });

  test("wakes when the last one that was not settled waits, leads or is out", async () => {
    for (const candidate of [0, 1, 2]) others.set(candidate, "unsettled");
    const woken: string[] = [];
    const settled = board.untilSettled(FOR_EVER_MS, never).then(() => woken.push("settled"));
    for (const [candidate, status] of (["settled", "leading", "out"] as const).entries()) {
      await turn();
      woken.push(status);
      others.set(candidate, status);
    }
    await settled;
    expect(woken).toEqual(["settled", "leading", "out", "settled"]);
  });

  test("saying the same twice counts once", async () => {
    others.set(0, "unsettled");
    others.set(0, "unsettled");
    others.set(1, "unsettled");
    others.set(0, "settled");
    others.set(0, "settled");
    expect(await board.untilSettled(1, never)).toBe(false);
    others.set(1, "settled");
    expect(await board.untilSettled(FOR_EVER_MS, never)).toBe(true);
  });
});

describe("untilClaim", () => {
  test("wakes when the next term begins, not for one that is already known", async () => {
    others.set(0, "leading", 1);
    const { claims } = board;
    expect(await board.untilClaim(claims, 1, never)).toBe(false);
    const claimed = board.untilClaim(claims, FOR_EVER_MS, never);
    others.set(1, "leading", 2);
    expect(await claimed).toBe(true);
  });

  test("a term that began before the wait is not missed", async () => {
    const { claims } = board;
    others.set(1, "leading", 2);
    expect(await board.untilClaim(claims, FOR_EVER_MS, never)).toBe(true);
  });
});

describe("a wait ends", () => {
  test("without what it waited for, when its time is over", async () => {
    others.set(0, "unsettled");
    expect(await board.untilSettled(20, never)).toBe(false);
    expect(await board.untilClaim(0, 20, never)).toBe(false);
    expect(await board.untilFrozen(20, never)).toBe(false);
    expect(await board.untilSettled(-1, never)).toBe(false);
  });

  test("when it is aborted, before or meanwhile", async () => {
    const early = new AbortController();
    early.abort();
    expect(await board.untilClaim(0, FOR_EVER_MS, early.signal)).toBe(false);
    const meanwhile = new AbortController();
    const waits = [board.untilClaim(0, FOR_EVER_MS, meanwhile.signal)];
    waits.push(board.untilFrozen(FOR_EVER_MS, meanwhile.signal));
    await turn();
    meanwhile.abort();
    expect(await Promise.all(waits)).toEqual([false, false]);
  });
});

test("heartbeats wait: nobody's at first, then everybody's, or one candidate's", () => {
  const hushed = () => [0, 1, 2].map((candidate) => board.isHushed(candidate));
  expect(hushed()).toEqual([false, false, false]);
  board.hush("everybody");
  expect(hushed()).toEqual([true, true, true]);
  board.hush(0);
  expect(hushed()).toEqual([true, false, false]);
  board.hush("nobody");
  expect(hushed()).toEqual([false, false, false]);
});

describe("a thread that stands still", () => {
  let thread: Worker;

  beforeEach(async () => {
    thread = new Worker(await makeProgram(join(folder, "freezer.cjs"), FREEZER), { workerData: memory });
    return async () => {
      board.thawForGood();
      await thread.terminate();
    };
  });

  const thawed = () => once(thread, "message", { signal: AbortSignal.timeout(5000) });

  test("is seen, and goes on when it is let go", async () => {
    for (let times = 0; times < 2; times++) {
      thread.postMessage(FOR_EVER_MS);
      expect(await board.untilFrozen(5000, never)).toBe(true);
      const going = thawed();
      board.thaw();
      await going;
      expect(await board.untilFrozen(0, never)).toBe(false);
    }
  });

  test("stays still when another one stands still as well, or goes on by itself", async () => {
    const other = new Worker(await makeProgram(join(folder, "freezer.cjs"), FREEZER), { workerData: memory });
    thread.postMessage(FOR_EVER_MS);
    expect(await board.untilFrozen(5000, never)).toBe(true);
    const going = once(other, "message", { signal: AbortSignal.timeout(5000) });
    other.postMessage(20);
    await going;
    await other.terminate();
    expect(await board.untilFrozen(0, never)).toBe(true);
    const thawing = thawed();
    board.thaw();
    await thawing;
  });

  test("goes on by itself when its time is over", async () => {
    thread.postMessage(20);
    await thawed();
  });

  test("goes on when all must leave, and does not stand still again", async () => {
    thread.postMessage(FOR_EVER_MS);
    expect(await board.untilFrozen(5000, never)).toBe(true);
    const going = thawed();
    board.thawForGood();
    await going;
    const again = thawed();
    thread.postMessage(FOR_EVER_MS);
    await again;
  });
});

/** Lets everything that is about to wake wake up. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

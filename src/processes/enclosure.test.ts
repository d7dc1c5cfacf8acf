/** A candidate that is a process: our own program, on a real server. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Board } from "../candidates/board.ts";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { createRecording } from "../history/ring.ts";
import { bundle } from "../package-root.ts";
import { Enclosure } from "./enclosure.ts";
import { Tally } from "./tally.ts";
import type { Report, YardData } from "./yard-protocol.ts";

let folder: string;
let scratch: Scratch;
let ensemble: LocalEnsemble;

let election: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "enclosure-test" });
  election = await ensemble.session.create(`${ensemble.root}/election`, "", "persistent");
});

afterAll(async () => {
  await ensemble?.close();
  await scratch?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Our own program as the only candidate of an election, for a test. */
async function enclosed(test: (enclosure: Enclosure, board: Board) => Promise<void>): Promise<void> {
  const memory = Board.create(1);
  const [server] = ensemble.members;
  if (server === undefined) throw new Error("there is a server");
  const data: YardData = {
    board: memory,
    tally: new Tally().memory,
    servers: [[{ target: server.address, place: "1" }]],
    chroot: "",
    sessionTimeoutMs: 4000,
    tickTimeMs: 200,
    auth: [],
    folder,
  };
  const reports: Report[] = [];
  const enclosure = new Enclosure(0, data, join(folder, "0.stderr"), (report) => reports.push(report));
  const scheme = { name: "heir" } as const;
  const args = [bundle("candidate-process.cjs"), JSON.stringify(scheme)];
  enclosure.enter({
    type: "enter",
    program: { type: "file", file: process.execPath, args },
    ...{
      election,
      scheme,
      join: "by-list",
      inherits: true,
      recording: createRecording(1, 1000, process.hrtime.bigint()),
    },
  });
  const board = new Board(memory);
  try {
    await enclosure.join();
    await expect.poll(() => board.status(0), { timeout: 10_000 }).toBe("leading");
    await test(enclosure, board);
    expect(reports.filter(({ type }) => type === "failed")).toEqual([]);
  } finally {
    await enclosure.leave();
  }
}

test("one that stands in the election by itself already, and is told to join, stays settled", () =>
  enclosed(async (enclosure, board) => {
    await enclosure.join();
    expect(board.status(0)).toBe("leading");
  }));

test("one that is told to join while it resigns joins when it has resigned", () =>
  enclosed(async (enclosure, board) => {
    const before = board.sequence(0);
    enclosure.take({ type: "resign", failover: 1 });
    await enclosure.join();
    await expect.poll(() => board.sequence(0), { timeout: 10_000 }).toBeGreaterThan(before);
    await expect.poll(() => board.status(0), { timeout: 10_000 }).toBe("leading");
  }));

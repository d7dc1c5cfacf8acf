/** Candidates on three servers, and which server their histories name for each. */
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import type { LocalMember } from "../ensemble/member.ts";
import { Scratch } from "../ensemble/scratch.ts";
import type { EventOf } from "../history/event.ts";
import { createRecording } from "../history/ring.ts";
import { Tape } from "../history/tape.ts";
import { Board } from "./board.ts";
import { Pool, type PoolOptions } from "./pool.ts";

const CANDIDATES = 6;

let scratch: Scratch;
let ensemble: LocalEnsemble;
let tape: Tape;
let connected: EventOf<"connected">[];
let pool: Pool;
let elections = 0;

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { servers: 3, tickTimeMs: 200, fsync: false, runId: "served-by" });
});

afterEach(() => pool[Symbol.asyncDispose]());

afterAll(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

async function join(options: Partial<PoolOptions> = {}): Promise<void> {
  const { connectFor, embedded, tickTimeMs, auth } = ensemble;
  pool = new Pool({
    candidates: CANDIDATES,
    hosts: CANDIDATES,
    connectFor,
    embedded,
    auth,
    sessionTimeoutMs: 20_000,
    tickTimeMs,
    board: Board.create(CANDIDATES),
    scratch: scratch.folder,
    ...options,
  });
  const recording = createRecording(CANDIDATES, 1000, process.hrtime.bigint());
  tape = new Tape(recording);
  connected = [];
  const election = `${ensemble.root}/election-${++elections}`;
  const trial = {
    election,
    scheme: { name: "predecessor" },
    join: "by-list",
    inherits: false,
    recording,
  } as const;
  await pool.join(trial, () => undefined, new AbortController().signal);
}

/** All so far. */
function connections(): EventOf<"connected">[] {
  connected.push(...tape.take().filter((event) => event.type === "connected"));
  return [...connected];
}

/** The sessions connected to the server, as it reports them itself. */
async function sessionsOf({ address }: LocalMember): Promise<string> {
  const socket = connect(address).setEncoding("utf8");
  let answer = "";
  socket.on("data", (text) => {
    answer += text;
  });
  socket.write("cons");
  await once(socket, "close");
  return answer;
}

/** Maps each candidate to the servers where its session is found, by its events. */
async function found(events: readonly EventOf<"connected">[]): Promise<string[][]> {
  const lists = await Promise.all(ensemble.members.map(sessionsOf));
  return events.map(({ sessionHigh, sessionLow }) => {
    const id = ((BigInt(sessionHigh) << 32n) | BigInt(sessionLow)).toString(16);
    return lists.flatMap((list, index) => (list.includes(`sid=0x${id},`) ? [String(index + 1)] : []));
  });
}

test("each server serves as many candidates as the others, and the histories say which; after a move nobody knows", async () => {
  await join();
  const opened = connections();
  expect(opened.map(({ server }) => server).toSorted()).toEqual(["1", "1", "2", "2", "3", "3"]);
  expect(await found(opened)).toEqual(opened.map(({ server }) => [server]));
  await ensemble.members[0].process.kill();
  await vi.waitFor(() => expect(connections()).toHaveLength(CANDIDATES + 2), 15_000);
  const moved = connections().filter((event) => !opened.some(({ at }) => at === event.at));
  expect(moved.map(({ server }) => server)).toEqual(["unknown", "unknown"]);
  const struck = opened.filter(({ server }) => server === "1").map(({ candidate }) => candidate);
  expect(moved.map(({ candidate }) => candidate).toSorted()).toEqual(struck.toSorted());
  await ensemble.members[0].process.restart();
}, 60_000);

test("among several of the user's servers it is unknown which one it is; a single one is known", async () => {
  const { connect: all, members } = ensemble;
  await join({ embedded: false, connectFor: () => all });
  expect(connections().map(({ server }) => server)).toEqual(Array(CANDIDATES).fill("unknown"));
  await pool[Symbol.asyncDispose]();
  const [{ address }] = members;
  await join({ embedded: false, connectFor: () => `${address.host}:${address.port}` });
  expect(connections().map(({ server }) => server)).toEqual(Array(CANDIDATES).fill("1"));
}, 60_000);

/** A long line of candidates: those far from their turn sync rarely, and are ready when it comes. */
import { expect, test } from "vitest";
import { Election } from "../election/election.ts";
import type { Scheme } from "../election/scheme.ts";
import { schemes } from "../election/schemes.ts";
import { pass, settle } from "../testing/drive-world.ts";
import type { ModelClient } from "./model-client.ts";
import { childrenOf } from "./view.ts";
import { World } from "./world.ts";

const PATH = "/election";
const T = 4000;
const TICK = 200;
const CANDIDATES = 40;

interface Candidate {
  readonly election: Election;
  readonly client: ModelClient;
  /** When it claimed. */
  claimedAt: number | undefined;
  syncs: number;
}

/** They join in the order of their numbers, and wait until each has found its pace. */
async function line(scheme: Scheme): Promise<{ readonly world: World; readonly candidates: Candidate[] }> {
  const world = new World({ tickTimeMs: TICK });
  const candidates: Candidate[] = [];
  for (let joined = 0; joined < CANDIDATES; joined++) {
    const client = world.newClient();
    const session = client.openAt(0, T);
    const election = new Election(session, { path: PATH, scheme, tickTimeMs: TICK, runtime: client });
    const candidate: Candidate = { election, client, claimedAt: undefined, syncs: 0 };
    election.on("claimed", () => {
      candidate.claimedAt = world.now;
    });
    election.on("beat", (asked) => {
      if (asked === "sync") candidate.syncs++;
    });
    election.campaign().catch(() => undefined);
    candidates.push(candidate);
    await settle(world);
  }
  await pass(world, 4 * T);
  return { world, candidates };
}

test.each([schemes.predecessor, schemes.heir])(
  "with the scheme $name, each claims at once when its turn comes, if sixteen turns take four timeouts",
  async (scheme) => {
    const { world, candidates } = await line(scheme);
    for (const [index, { election }] of candidates.slice(0, -1).entries()) {
      const resignedAt = world.now;
      election.resign();
      await pass(world, T / 4);
      const takenOverMs = (candidates[index + 1]?.claimedAt ?? Number.POSITIVE_INFINITY) - resignedAt;
      expect({ index, takenOverMs }).toEqual({ index, takenOverMs: 0 });
    }
  },
);

test("one before which nearly all go together leads as soon as it has proof of its lease", async () => {
  const { world, candidates } = await line(schemes.heir);
  const goneAt = world.now;
  for (const { election } of candidates.slice(0, 30)) election.resign().catch(() => undefined);
  await pass(world, T);
  const gapMs = (candidates[30]?.claimedAt ?? Number.POSITIVE_INFINITY) - goneAt;
  expect(gapMs).toBeGreaterThan(0);
  expect(gapMs).toBeLessThanOrEqual(2 * TICK);
});

test("those far from their turn sync every third timeout, and keep their sessions", async () => {
  const { world, candidates } = await line(schemes.heir);
  const before = candidates.map(({ syncs }) => syncs);
  await pass(world, 12 * T);
  const syncs = candidates.map((candidate, index) => candidate.syncs - (before[index] ?? 0));
  for (const near of syncs.slice(2, 16)) expect(near).toBeGreaterThanOrEqual(12 * 7);
  for (const far of syncs.slice(16)) {
    expect(far).toBeGreaterThanOrEqual(3);
    expect(far).toBeLessThanOrEqual(5);
  }
  expect(world.ensemble.sessions.size).toBe(CANDIDATES);
});

test("one far from its turn notices within three timeouts that somebody has deleted its contender", async () => {
  const { world, candidates } = await line(schemes.predecessor);
  const last = childrenOf(world, PATH).at(-1)?.name;
  world.operator.remove(`${PATH}/${last}`);
  await pass(world, 3 * T);
  expect(candidates.at(-1)?.election.state.state).toBe("waiting");
  expect(childrenOf(world, PATH)).toHaveLength(CANDIDATES);
});

/** The servers' counts of a failover, compared with what the schemes and faults request in theory. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SchemeName, schemeNames, schemes } from "../election/schemes.ts";
import type { Ensemble } from "../ensemble/ensemble.ts";
import { startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { type FaultName, faults } from "../faults/faults.ts";
import { defaultConditions } from "../history/conditions.ts";
import type { ServerDifference } from "../history/server-difference.ts";
import { runWhole } from "./whole-trials.ts";

let scratch: Scratch;
let ensembles: { readonly 1: Ensemble; readonly 3: Ensemble };
let trials = 0;

beforeAll(async () => {
  scratch = await Scratch.create();
  ensembles = {
    1: await startLocal(scratch, { tickTimeMs: 50, fsync: true, runId: "counts-test" }),
    // A shorter tick would be a shorter time for a busy machine to keep the servers together.
    3: await startLocal(scratch, { servers: 3, tickTimeMs: 200, fsync: true, runId: "counts-test" }),
  };
}, 60_000);

afterAll(async () => {
  for (const ensemble of Object.values(ensembles)) await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

interface Asked {
  readonly lists: number;
  readonly dataReads: number;
  /** Writes of announcements. */
  readonly sets: number;
  readonly deletedWatches: number;
  readonly childrenWatches: number;
  /** Notifications that a znode has been written. */
  readonly changedWatches: number;
}

/**
 * The requests of a scheme when the leader of this many goes. In each the new leader sets a watch on its own
 * znode.
 */
const bySchemes: Readonly<Record<SchemeName, (candidates: number) => Asked>> = {
  predecessor: () => ({ ...nothing, lists: 1, dataReads: 1, deletedWatches: 1 }),
  leader: (n) => ({ ...nothing, lists: n - 1, dataReads: n - 2 + 1, deletedWatches: n - 1 }),
  children: (n) => ({ ...nothing, lists: n - 1, dataReads: 1, childrenWatches: n - 1 }),
  // The heir reads its own znode, and again after its own announcement; the next heir watches both.
  heir: () => ({ ...nothing, dataReads: 4, sets: 1, deletedWatches: 1, changedWatches: 2 }),
};

const nothing: Asked = {
  lists: 0,
  dataReads: 0,
  sets: 0,
  deletedWatches: 0,
  childrenWatches: 0,
  changedWatches: 0,
};

interface Strike {
  /** Requests, each of which is answered. */
  readonly requests: number;
  /** How often the victim's watch on its own znode may fire: never if its connection has ended before. */
  readonly tellsVictim: readonly (0 | 1)[];
  /** Whether the server may hang up before it has written that notification. */
  readonly hangsUp: boolean;
}

const byFaults = {
  resign: { requests: 1, tellsVictim: [1], hangsUp: false },
  close: { requests: 1, tellsVictim: [1], hangsUp: true },
  // The session is taken over and closed, and its owner tries to reconnect.
  expire: { requests: 3, tellsVictim: [0], hangsUp: false },
  // Every ten seconds the server ends silent connections, so this one may end before its session
  // (NIOServerCnxnFactory).
  freeze: { requests: 0, tellsVictim: [0, 1], hangsUp: true },
} as const satisfies Partial<Record<FaultName, Strike>>;

/** The servers' counts of each failover under each scheme. The trials share their candidates' threads. */
async function countsOf(
  fault: FaultName,
  candidates: number,
  servers: 1 | 3 = 1,
): Promise<ReadonlyMap<string, readonly (ServerDifference | null)[]>> {
  const plans = schemeNames.map((name) => ({
    ...defaultConditions,
    trial: ++trials,
    scheme: schemes[name],
    schemeSource: { name },
    fault: faults[fault],
    ...{ candidates, servers },
    failovers: 3,
    // Long enough that nobody has to ping in a failover, however busy the machine is.
    sessionTimeoutMs: fault === "freeze" ? 1000 : 30_000,
    electionName: "election",
    scratch,
    origin: process.hrtime.bigint(),
    // Leaders' writes would be requests as well.
    counter: "none" as const,
  }));
  const histories = await runWhole(ensembles[servers], plans);
  return new Map(
    histories.map(({ header, observations }) => {
      const servers = observations?.servers ?? [];
      expect(servers, JSON.stringify(observations?.end)).toHaveLength(3);
      return [header.scheme, servers];
    }),
  );
}

describe.each([
  { fault: "resign", candidates: 10, servers: 1 },
  { fault: "close", candidates: 10, servers: 1 },
  { fault: "expire", candidates: 10, servers: 1 },
  { fault: "freeze", candidates: 10, servers: 1 },
  { fault: "resign", candidates: 40, servers: 1 },
  { fault: "resign", candidates: 5, servers: 3 },
  { fault: "expire", candidates: 5, servers: 3 },
] as const)("$fault, $candidates candidates, $servers servers", ({ fault, candidates, servers }) => {
  let counted: Awaited<ReturnType<typeof countsOf>>;

  beforeAll(async () => {
    counted = await countsOf(fault, candidates, servers);
  });

  test.each(schemeNames)("under %s", (scheme) => {
    const asked = bySchemes[scheme](candidates);
    const { requests, tellsVictim, hangsUp }: Strike = byFaults[fault];
    const received = requests + asked.lists + asked.dataReads + asked.sets;
    const notifications = asked.deletedWatches + asked.childrenWatches + asked.changedWatches;
    for (const counts of counted.get(scheme) ?? []) {
      // Where another server ends the session, the one that serves it tells the victim, and hangs up.
      const isEndedElsewhere = fault === "expire" && servers > 1;
      const { packetsReceived } = counts ?? {};
      // The victim may reach a server that does not know of the end yet. That hangs up a moment later, perhaps
      // before it has answered, and the victim comes once more.
      const more = isEndedElsewhere ? [0, 1, 2] : [0];
      expect(more.map((requests) => received + requests)).toContain(packetsReceived);
      expect(counts).toMatchObject({
        lists: asked.lists,
        dataReads: asked.dataReads,
        readRequests: asked.lists + asked.dataReads,
        childrenWatches: asked.childrenWatches,
      });
      const own = (counts?.deletedWatches ?? Number.NaN) - asked.deletedWatches;
      expect([...tellsVictim, ...(isEndedElsewhere ? [1] : [])]).toContain(own);
      const sent = (packetsReceived ?? 0) + notifications + own;
      const unsent = isEndedElsewhere ? [0, 1, 2] : hangsUp ? [0, 1] : [0];
      expect(unsent.map((packets) => sent - packets)).toContain(counts?.packetsSent);
      // Waiting candidates and leaders have no need to ping; after a long silence with announcements in it,
      // pings are unknown.
      expect(counts?.pings).toBe(fault === "freeze" && scheme === "heir" ? null : 0);
    }
  });

  if (fault === "freeze")
    test("no byte of heartbeats is left in the counts, however long a failover takes", () => {
      const [one, ...others] = counted.get("predecessor") ?? [];
      expect(others.map((counts) => counts?.responseBytes)).toEqual([one?.responseBytes, one?.responseBytes]);
    });
});

/**
 * The victim waits in the middle: the leader stays, and the candidate behind the victim looks for another one
 * to watch.
 */
describe("follower, 10 candidates", () => {
  let counted: Awaited<ReturnType<typeof countsOf>>;

  beforeAll(async () => {
    counted = await countsOf("follower", 10);
  });

  test.each([
    { scheme: "predecessor", lists: 1, dataReads: 1, deletedWatches: 1, childrenWatches: 0 },
    { scheme: "leader", lists: 0, dataReads: 0, deletedWatches: 0, childrenWatches: 0 },
    { scheme: "children", lists: 8, dataReads: 0, deletedWatches: 0, childrenWatches: 8 },
    { scheme: "heir", lists: 1, dataReads: 1, deletedWatches: 1, childrenWatches: 0 },
  ] as const)("under $scheme", ({ scheme, ...expected }) => {
    const received = byFaults.expire.requests + expected.lists + expected.dataReads;
    for (const counts of counted.get(scheme) ?? []) {
      expect(counts).toMatchObject({
        ...expected,
        packetsReceived: received,
        packetsSent: received + expected.deletedWatches + expected.childrenWatches,
      });
    }
  });
});

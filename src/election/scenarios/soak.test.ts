/** Events that happen a thousand times must leave nothing behind: no watch, no listener, no memory. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { TcpRelay } from "../../network/tcp-relay.ts";
import { ChildProgram } from "../../testing/child-program.ts";
import type { LoneMessage } from "../../testing/lone-candidate-program.ts";
import { Venue } from "../../testing/venue.ts";
import { type SchemeName, schemes } from "../schemes.ts";

/** The number of resets (of two candidates together), and of terms. */
const TIMES = 1000;
/**
 * The number of rounds before measuring, so that all code is compiled and all caches are full. After 100
 * resets the heap still grew by up to the bound below, after 300 by less than nine tenths of it.
 */
const WARM_UP = { resets: 300, terms: 100 };

/**
 * The client keeps each watcher that it was ever given: this is its cost for a term, and nothing for a
 * reconnect.
 */
const BYTES_EACH = { reconnect: 512, term: 4096 };

const TIMEOUT_MS = 2000;
/**
 * A client that has tried all servers of its list rests for a third of its timeout: a long list avoids that.
 */
const LISTED = 100;

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("soak");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

type Lone = ChildProgram<LoneMessage>;

async function lone(scheme: SchemeName, relay: TcpRelay): Promise<Lone> {
  const { tickTimeMs } = venue.ensemble;
  const connect = Array(LISTED).fill(relay.connect).join(",");
  const options = { connect, timeoutMs: TIMEOUT_MS, tickTimeMs, path: venue.path, scheme, rejoin: false };
  const candidate = await ChildProgram.start<LoneMessage>(
    venue.scratch.folder,
    "lone-candidate-program.ts",
    options,
  );
  await candidate.told("settled");
  return candidate;
}

test(`S21 a leader and its heir are reset together ${TIMES} times, as fast as possible`, async () => {
  const reset = async (relay: TcpRelay, candidate: Lone, times: number) => {
    for (let round = 0; round < times; round++) {
      relay.dropConnections();
      await candidate.told("settled");
    }
  };
  const relays = [await venue.relay(), await venue.relay()] as const;
  await using leader = await lone("heir", relays[0]);
  await using heir = await lone("heir", relays[1]);
  const resets = async (times: number) => {
    await Promise.all([reset(relays[0], leader, times), reset(relays[1], heir, times)]);
    leader.say("state");
    heir.say("state");
    const holds = [await leader.told("state"), await heir.told("state")] as const;
    return { holds, contenders: await venue.contenders() };
  };
  const before = await resets(WARM_UP.resets);
  const watches = await venue.count("watch_count");
  const after = await resets(TIMES / 2);
  expect(after.contenders).toEqual(before.contenders);
  expect(after.holds.map(({ name }) => name)).toEqual(before.contenders);
  expect(after.holds.map(({ listeners }) => listeners)).toEqual(
    before.holds.map(({ listeners }) => listeners),
  );
  for (const [index, { heapBytes }] of after.holds.entries()) {
    const grown = heapBytes - (before.holds[index]?.heapBytes ?? 0);
    expect(grown).toBeLessThan(TIMES * BYTES_EACH.reconnect);
  }
  // These are the leader's on its own contender, and the heir's on its own and on the leader's.
  await vi.waitFor(async () => expect(await venue.count("watch_count")).toBe(watches));
  for (const relay of relays) relay.dropConnections();
});

test.each(["predecessor", "heir"] as const)(
  `S34 ${TIMES} terms of two who take turns (%s)`,
  async (scheme) => {
    const options = { scheme: schemes[scheme] };
    const scene = [await venue.joined(options), await venue.joined(options)] as const;
    const turns = async (times: number) => {
      for (let turn = 0; turn < times; turn++) {
        const [leader, next] = scene[0].state.state === "leading" ? scene : [scene[1], scene[0]];
        await leader.election.resign();
        await next.leads();
        await leader.join();
      }
      for (const { phases, names } of scene) {
        phases.length = 0;
        names.splice(0, names.length - 1);
      }
      await venue.quiet(...scene);
      return {
        heapBytes: await heapBytes(),
        listeners: scene.map(({ session }) => session.listenerCount("state")),
        watches: await venue.count("watch_count"),
      };
    };
    const before = await turns(WARM_UP.terms);
    const after = await turns(TIMES);
    expect(after).toMatchObject({ listeners: before.listeners, watches: before.watches });
    expect(after.heapBytes - before.heapBytes).toBeLessThan(TIMES * BYTES_EACH.term);
    expect(await venue.contenders()).toHaveLength(2);
  },
);

async function heapBytes(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  return process.memoryUsage().heapUsed;
}

/** Events that happen hundreds of times must leave nothing behind: no watch, no listener, no memory. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { TcpRelay } from "../../network/tcp-relay.ts";
import { ChildProgram } from "../../testing/child-program.ts";
import type { LoneMessage } from "../../testing/lone-candidate-program.ts";
import { Venue } from "../../testing/venue.ts";
import { type SchemeName, schemes } from "../schemes.ts";

/** The number of resets (of two candidates together), and of terms. */
const TIMES = { resets: 200, terms: 400 };
/** The number of rounds before measuring, so that all code is compiled and all caches are full. */
const WARM_UP = { resets: 50, terms: 100 };
/** The number of resets between two looks at the memory. */
const FEW = 10;
/**
 * Code that is compiled as it gets hot, or again after it was dropped, makes the heap grow by up to 1300 bytes
 * a reset, for 800 of them and more. Without that it grows by 200 to 500.
 */
const NO_COMPILATION = [
  "--no-opt",
  "--no-maglev",
  "--no-sparkplug",
  "--no-lazy-feedback-allocation",
  "--no-flush-bytecode",
];

/** The client keeps each watcher that it was ever given: that is most of the growth of a term. */
const BYTES_EACH = { reset: 768, term: 4096 };

const TIMEOUT_MS = 2000;
/**
 * A client that has tried all servers of its list rests for a third of its timeout, which a long list makes
 * rare. For each reset it resolves all of them, which a short list makes cheap.
 */
const LISTED = 50;

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
    NO_COMPILATION,
  );
  await candidate.told("settled");
  return candidate;
}

test(`S21 a leader and its heir are reset together ${TIMES.resets} times, as fast as possible`, async () => {
  const reset = async (relay: TcpRelay, candidate: Lone, times: number) => {
    for (let round = 0; round < times; round++) {
      relay.dropConnections();
      await candidate.told("settled");
    }
  };
  const relays = [await venue.relay(), await venue.relay()] as const;
  await using leader = await lone("heir", relays[0]);
  await using heir = await lone("heir", relays[1]);
  const look = async (times: number) => {
    await Promise.all([reset(relays[0], leader, times), reset(relays[1], heir, times)]);
    leader.say("state");
    heir.say("state");
    return [await leader.told("state"), await heir.told("state")] as const;
  };
  const resets = async (times: number) => {
    const looks = [await look(times), await look(FEW), await look(FEW)] as const;
    const [[first, second]] = looks;
    return {
      names: [first.name, second.name],
      listeners: [first.listeners, second.listeners],
      // One look in some dozen falls on 230 kB that are gone at the next one.
      heapBytes: [
        Math.min(...looks.map(([state]) => state.heapBytes)),
        Math.min(...looks.map(([, state]) => state.heapBytes)),
      ],
      contenders: await venue.contenders(),
    };
  };
  const before = await resets(WARM_UP.resets);
  const watches = await venue.count("watch_count");
  const after = await resets(TIMES.resets);
  expect(after.contenders).toEqual(before.contenders);
  expect(after.names).toEqual(before.contenders);
  expect(after.listeners).toEqual(before.listeners);
  for (const [index, bytes] of after.heapBytes.entries())
    expect(bytes - (before.heapBytes[index] ?? 0)).toBeLessThan(TIMES.resets * BYTES_EACH.reset);
  // These are the leader's on its own contender, and the heir's on its own and on the leader's.
  await vi.waitFor(async () => expect(await venue.count("watch_count")).toBe(watches));
  for (const relay of relays) relay.dropConnections();
});

test.each(["predecessor", "heir"] as const)(
  `S34 ${TIMES.terms} terms of two who take turns (%s)`,
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
    const after = await turns(TIMES.terms);
    expect(after).toMatchObject({ listeners: before.listeners, watches: before.watches });
    expect(after.heapBytes - before.heapBytes).toBeLessThan(TIMES.terms * BYTES_EACH.term);
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

/** All sessions end at once, and all candidates return. Each runs in a separate process. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { TcpRelay } from "../../network/tcp-relay.ts";
import { ChildProgram } from "../../testing/child-program.ts";
import type { LoneMessage, LoneOptions, LoneState } from "../../testing/lone-candidate-program.ts";
import { Venue } from "../../testing/venue.ts";

const N = 20;
const T = 3000;
/** No step takes this long on any machine: a longer wait is endless. */
const PATIENCE_MS = 60_000;

let venue: Venue;
let relay: TcpRelay;
let scene: ChildProgram<LoneMessage>[];

beforeAll(async () => {
  venue = await Venue.open("mass-expiry");
  relay = await venue.relay();
  const { tickTimeMs } = venue.ensemble;
  const options: LoneOptions = {
    connect: relay.connect,
    timeoutMs: T,
    tickTimeMs: tickTimeMs ?? 0,
    path: venue.path,
    scheme: "predecessor",
    rejoin: true,
  };
  scene = await Promise.all(
    Array.from({ length: N }, () =>
      ChildProgram.start<LoneMessage>(venue.scratch.folder, "lone-candidate-program.ts", options),
    ),
  );
  await settled();
});

afterAll(async () => {
  await Promise.all(scene.map((candidate) => candidate[Symbol.asyncDispose]()));
  await venue.clear();
  await venue[Symbol.asyncDispose]();
});

async function settled(): Promise<void> {
  await Promise.all(scene.map((candidate) => candidate.told("settled")));
}

function states(): Promise<LoneState[]> {
  return Promise.all(
    scene.map((candidate) => {
      candidate.say("state");
      return candidate.told("state");
    }),
  );
}

/** Waits until one leads, and each stands once, with the contender that it knows of. */
function inOrder(): Promise<LoneState[]> {
  return vi.waitFor(async () => {
    const after = await states();
    const names = await venue.contenders();
    expect(names.toSorted()).toEqual(after.map(({ name }) => name).toSorted());
    // A busy machine can keep the leader from renewing its lease for a moment.
    expect(after.filter(({ valid }) => valid).map(({ name }) => name)).toEqual([names[0]]);
    return after;
  }, PATIENCE_MS);
}

test("S33 cut off for longer than the timeout: all return with new sessions, but not in one moment, and each looks about once", async () => {
  const before = await states();
  relay.cut();
  await vi.waitFor(async () => expect(await venue.contenders()).toEqual([]), PATIENCE_MS);
  relay.heal();
  await settled();
  const after = await inOrder();
  expect(after.map(({ returns }) => returns.length)).toEqual(Array(N).fill(1));
  expect(after.map(({ created }) => created)).toEqual(Array(N).fill(2));
  const times = after.flatMap(({ returns }) => returns);
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(100);
  const reads = (all: readonly LoneState[]) => all.reduce((sum, one) => sum + one.reads, 0);
  expect(reads(after) - reads(before)).toBeLessThan(2 * N);
});

test("S33 the server stands still for longer than the timeout: whether their sessions end or not, one leads, and each stands once", async () => {
  const before = await states();
  venue.server.pause();
  try {
    const stoppedAt = performance.now();
    await vi.waitFor(() => expect(performance.now()).toBeGreaterThan(stoppedAt + T + 1000), 2 * T);
  } finally {
    venue.server.resume();
  }
  await settled();
  const after = await inOrder();
  // A candidate that made another contender did so in another session.
  const more = (all: readonly LoneState[]) => all.map(({ created, returns }) => created - returns.length);
  expect(more(after)).toEqual(more(before));
});

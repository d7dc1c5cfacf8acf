import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CountedWindow } from "./counted-window.ts";
import type { Ensemble } from "./ensemble.ts";
import { startLocal } from "./local.ts";
import { Scratch } from "./scratch.ts";

let scratch: Scratch;
let ensemble: Ensemble;
let election: string;
let contender: string;

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "window-test" });
  election = await ensemble.session.create(`${ensemble.root}/election`, "", "persistent");
  const name = `${"0".repeat(32)}-c-`;
  contender = await ensemble.session.create(`${election}/${name}`, "", "ephemeral-sequential");
});

afterAll(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

const SYNCS = 7;
/** There is no victim. */
const NONE_OF_THEM = -1;

/** Beats like an election at this interval, until it is told to stop. */
function heart(ms: number, heeds: "heeds a hush" | "heeds nothing", hearsAfterMs: number) {
  const beats = { syncs: 0, owns: 0, inFlight: 0 };
  let hushed = false;
  let stopped = false;
  const beating = (async () => {
    while (!stopped) {
      await delay(ms);
      if (hushed && heeds === "heeds a hush") continue;
      beats.inFlight++;
      await ensemble.session.sync(election);
      beats.syncs++;
      await ensemble.session.exists(contender);
      // On a busy machine a candidate hears an answer long after the server has counted the request.
      await delay(hearsAfterMs);
      beats.owns++;
      beats.inFlight--;
    }
  })();
  const stop = () => {
    stopped = true;
    return beating;
  };
  const hush = (who: number | "everybody" | "nobody") => {
    hushed = who === "everybody";
  };
  return { beats: () => ({ ...beats }), hush, stop };
}

async function windowsOf(
  ask: "heartbeats" | "heartbeats-and-writes",
  beatMs: number,
  heeds: "heeds a hush" | "heeds nothing" = "heeds a hush",
  hearsAfterMs = 0,
) {
  const { beats, hush, stop } = heart(beatMs, heeds, hearsAfterMs);
  const windows = [];
  for (let round = 0; round < 5; round++) {
    const quietSince = performance.now();
    using window = await CountedWindow.open(ensemble, { ask, patienceMs: 5000, beats, hush }, NONE_OF_THEM);
    await ensemble.session.children(election);
    for (let sync = 0; sync < SYNCS; sync++) await ensemble.session.sync(election);
    await delay(5 * beatMs);
    const asked = { syncs: SYNCS, election, quietSince, sessionTimeoutMs: 30_000, faultBytes: 0 };
    windows.push(await window.close(asked));
  }
  await stop();
  return windows;
}

test.each([25, 1])("heartbeats every %i ms are known to the last one, and to the byte", async (beatMs) => {
  const windows = await windowsOf("heartbeats", beatMs);
  for (const counts of windows) {
    expect(counts).toMatchObject({ packetsSent: 1, packetsReceived: 1, lists: 1, pings: 0, dataReads: 0 });
    // The bytes of a list of one contender, and no more.
    expect(counts?.responseBytes).toBe(16 + 4 + 4 + 32 + 3 + 10);
  }
});

test("an answer that is heard late is waited for", async () => {
  for (const counts of await windowsOf("heartbeats", 1, "heeds a hush", 200))
    expect(counts).toMatchObject({ packetsSent: 1, packetsReceived: 1, lists: 1 });
});

test("requests are unknown if a heartbeat falls into every look", async () => {
  // Whole looks may be missing on a busy machine.
  const windows = (await windowsOf("heartbeats", 1, "heeds nothing")).filter((counts) => counts !== null);
  expect(windows).not.toHaveLength(0);
  for (const counts of windows) expect(counts).toMatchObject({ packetsSent: null, lists: null, pings: null });
}, 60_000);

test("no look waits for a quiet moment if leaders write as well", async () => {
  const start = performance.now();
  const windows = await windowsOf("heartbeats-and-writes", 2);
  expect(performance.now() - start).toBeLessThan(2000);
  expect(windows.map((counts) => counts?.lists)).toEqual([null, null, null, null, null]);
});

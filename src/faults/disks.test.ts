import { afterAll, beforeAll, expect, test } from "vitest";
import { limitRefusal } from "../ensemble/control-group.ts";
import { diskRefusal } from "../ensemble/disk.ts";
import { monitor } from "../ensemble/four-letter-word.ts";
import type { History } from "../history/history.ts";
import { FaultTrials } from "../testing/fault-trials.ts";
import { diskFull } from "./disk-full.ts";
import { slowDisk } from "./slow-disk.ts";

const mayMount = diskRefusal() === null;
const mayLimit = mayMount && limitRefusal() === null;
const conditions = { candidates: 4, sessionTimeoutMs: 2000 };
let trials: FaultTrials | undefined;

beforeAll(async () => {
  if (mayMount)
    trials = await FaultTrials.open({
      servers: 3,
      disks: true,
      fsync: true,
      tickTimeMs: 100,
      runId: "disk-test",
    });
});

afterAll(() => trials?.[Symbol.asyncDispose]());

function states({ events }: History): string[] {
  return events.flatMap((event) => (event.type === "server" ? event.state : []));
}

/** A session for each connection, in their order. */
function connections({ events }: History): string[] {
  return events.flatMap((event) =>
    event.type === "connected" ? `${event.sessionHigh}/${event.sessionLow}` : [],
  );
}

test.skipIf(!mayMount)("a server whose disk is full stops, comes back, and unseats nobody", async () => {
  const history = await trials?.run(diskFull, conditions);
  if (history === undefined) throw new Error("there are no trials");
  expect(states(history)).toEqual(["disk-full", "back"]);
  // Those that were connected to it have moved: all are connected once, and some again.
  expect(connections(history).length).toBeGreaterThan(4);
});

test.skipIf(!mayLimit)("a server whose disk is slow keeps its sessions, and unseats nobody", async () => {
  const history = await trials?.run(slowDisk, conditions);
  if (history === undefined) throw new Error("there are no trials");
  expect(states(history)).toEqual(["disk-slow", "back"]);
  expect(new Set(connections(history)).size).toBe(4);
  const monitors = await Promise.all((trials?.members ?? []).map(({ address }) => monitor(address)));
  const longest = Math.max(...monitors.map((one) => one?.get("max_fsynctime") ?? 0));
  // Of four writes a second, the log waits for one or two.
  expect(longest).toBeGreaterThan(200);
});

import { expect, test } from "vitest";
import { diskRefusal } from "../ensemble/disk.ts";
import { FaultTrials } from "../testing/fault-trials.ts";
import { diskFull } from "./disk-full.ts";

test.skipIf(diskRefusal() !== null)(
  "a server whose disk is full stops, comes back, and unseats nobody",
  async () => {
    await using trials = await FaultTrials.open({
      servers: 3,
      disks: true,
      tickTimeMs: 100,
      runId: "disk-test",
    });
    const { events } = await trials.run(diskFull, { candidates: 4, sessionTimeoutMs: 2000 });
    const states = events.flatMap((event) => (event.type === "server" ? event.state : []));
    expect(states).toEqual(["disk-full", "back"]);
    // Those that were connected to it have moved: all are connected once, and some again.
    expect(events.filter(({ type }) => type === "connected").length).toBeGreaterThan(4);
  },
);

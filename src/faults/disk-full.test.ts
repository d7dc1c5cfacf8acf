import { expect, test } from "vitest";
import { judge } from "../checkers/checkers.ts";
import { schemes } from "../election/schemes.ts";
import { diskRefusal } from "../ensemble/disk.ts";
import { startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { defaultConditions } from "../history/conditions.ts";
import { runWhole } from "../run/whole-trials.ts";
import { faults } from "./faults.ts";

test.skipIf(diskRefusal() !== null)(
  "a server whose disk is full stops, comes back, and unseats nobody",
  async () => {
    const scratch = await Scratch.create();
    try {
      const options = { servers: 3, disks: true, tickTimeMs: 100, fsync: true, runId: "disk-test" };
      const ensemble = await startLocal(scratch, options);
      const [history] = await runWhole(ensemble, [
        {
          ...defaultConditions,
          ...{ trial: 1, candidates: 4, failovers: 1, sessionTimeoutMs: 2000, servers: 3 },
          ...{ scheme: schemes.heir, schemeSource: { name: "heir" }, fault: faults["disk-full"] },
          ...{ electionName: "election", scratchFolder: scratch.folder, origin: process.hrtime.bigint() },
        },
      ]);
      if (history === undefined) throw new Error("a trial has a history");
      expect(history.observations?.end).toEqual({ state: "completed" });
      const { cleanup: _, ...verdicts } = judge(history);
      for (const verdict of Object.values(verdicts)) expect(verdict).toEqual({ valid: true });
      const states = history.events.flatMap((event) => (event.type === "server" ? event.state : []));
      expect(states).toEqual(["disk-full", "back"]);
      // Those that were connected to it have moved: all are connected once, and some again.
      expect(history.events.filter(({ type }) => type === "connected").length).toBeGreaterThan(4);
      await ensemble.close();
    } finally {
      await scratch[Symbol.asyncDispose]();
    }
  },
);

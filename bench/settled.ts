/**
 * Measures what candidates cost that do nothing but wait: the processor time of the lab's process and of the
 * server, and the packets that the server receives. Run with `yarn bench:settled`.
 */
import { setTimeout as delay } from "node:timers/promises";
import { schemes } from "../src/election/schemes.ts";
import { type LocalEnsemble, startLocal } from "../src/ensemble/local.ts";
import { Scratch } from "../src/ensemble/scratch.ts";
import { countServers } from "../src/ensemble/server-counts.ts";
import { faults } from "../src/faults/faults.ts";
import { defaultConditions } from "../src/history/conditions.ts";
import { exitCodes } from "../src/lab-error.ts";
import { cpuTimes } from "../src/machine.ts";
import { parseSettled, type SettledOptions } from "../src/options/bench-settled.ts";
import { print } from "../src/output.ts";
import { runWhole } from "../src/run/whole-trials.ts";
import { runBench } from "./run-bench.ts";

/** The first seconds after joining are not those of settled candidates. */
const REST_MS = 5000;
const LOOK_WITHIN_MS = 5000;

/** So far: processor times in milliseconds, and packets. */
async function usage(ensemble: LocalEnsemble) {
  const counted = await countServers(ensemble, LOOK_WITHIN_MS);
  const { cpuMs: serverMs = null, packetsReceived: packets = null } = counted?.counts ?? {};
  if (serverMs === null || packets === null) throw new Error("the server does not report its counts");
  const { at, ownMs: labMs } = cpuTimes([]);
  return { at, labMs, serverMs, packets };
}

async function settled({ candidates, sessionTimeoutMs, forMs }: SettledOptions): Promise<number> {
  const scratch = await Scratch.create();
  try {
    const ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: true, runId: "settled" });
    await runWhole(
      ensemble,
      [
        {
          ...defaultConditions,
          trial: 1,
          scheme: schemes.heir,
          schemeSource: { name: "heir" },
          fault: faults.resign,
          candidates,
          failovers: 1,
          sessionTimeoutMs,
          electionName: "election",
          scratch,
          origin: process.hrtime.bigint(),
          betweenFailovers: async () => {
            await delay(REST_MS);
            const before = await usage(ensemble);
            await delay(forMs);
            const after = await usage(ensemble);
            const ms = after.at - before.at;
            const percent = (cpuMs: number) => `${((100 * cpuMs) / ms).toFixed(1)} %`;
            print(
              `${candidates} settled candidates, session timeout ${sessionTimeoutMs} ms: of a processor the lab takes ` +
                `${percent(after.labMs - before.labMs)}, the server ${percent(after.serverMs - before.serverMs)}; ` +
                `the server receives ${((1000 * (after.packets - before.packets)) / ms).toFixed(0)} packets a second`,
            );
          },
        },
      ],
      { turns: { failovers: 1, warmUps: 0 } },
    );
    await ensemble.close();
  } finally {
    await scratch[Symbol.asyncDispose]();
  }
  return exitCodes.fine;
}

await runBench(parseSettled, settled);

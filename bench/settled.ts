/**
 * Measures what candidates cost that do nothing but wait: the processor time of the lab's process and of the
 * server. Run with `yarn bench:settled`.
 */
import { setTimeout as delay } from "node:timers/promises";
import { schemes } from "../src/election/schemes.ts";
import { cpuMsBetween } from "../src/ensemble/jvm.ts";
import { startLocal } from "../src/ensemble/local.ts";
import { jvmCounts } from "../src/ensemble/member.ts";
import { Scratch } from "../src/ensemble/scratch.ts";
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

async function settled({ candidates, sessionTimeoutMs, seconds }: SettledOptions): Promise<number> {
  const scratch = await Scratch.create();
  try {
    const ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: true, runId: "settled" });
    const { members } = ensemble;
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
            const [before, jvmBefore] = [cpuTimes([]), await jvmCounts(members)];
            await delay(1000 * seconds);
            const [after, jvmAfter] = [cpuTimes([]), await jvmCounts(members)];
            const ms = after.at - before.at;
            const percent = (cpuMs: number) => `${((100 * cpuMs) / ms).toFixed(1)} % of a core`;
            print(
              `${candidates} settled candidates, T = ${sessionTimeoutMs} ms: lab ${percent(after.ownMs - before.ownMs)}, ` +
                `server ${percent(cpuMsBetween(jvmBefore, jvmAfter) ?? Number.NaN)}`,
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

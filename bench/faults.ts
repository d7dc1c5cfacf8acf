/**
 * Strikes with every fault under every scheme, on the smallest ensemble that it needs, and prints the table of
 * docs/faults.md from the saved figures. Run with `yarn bench:faults`; `--write` puts it into the page.
 */
import { readFile, writeFile } from "node:fs/promises";
import { BENCH_TICK_MS, type FaultsOptions, parseFaults } from "../src/options/bench-faults.ts";
import { print, warn } from "../src/output.ts";
import { exitCodeOf } from "../src/run/exit-code.ts";
import { runLab } from "../src/run/lab.ts";
import type { RunPlan } from "../src/run/plan.ts";
import type { Observer } from "../src/run/progress.ts";
import { measuredTable } from "./fault-page.ts";
import { withPart } from "./page-part.ts";
import { interruption, runBench } from "./run-bench.ts";

/** Bundles lie in dist/bench/. */
const page = new URL("../../docs/faults.md", import.meta.url);

async function measure({ groups, cautions, write }: FaultsOptions, argv: readonly string[]): Promise<number> {
  const plan: RunPlan = {
    command: "faults",
    argv: ["bench:faults", ...argv],
    seed: 1,
    out: undefined,
    ensemble: { type: "embedded", tickTimeMs: BENCH_TICK_MS, fsync: true },
    election: "election",
    counter: "guarded",
    cautions,
    warmUp: undefined,
    groups,
  };
  const watch: Observer = (progress) => {
    if (progress.type === "caution") warn(progress.words);
    if (progress.type !== "trial-ended") return;
    const { fault, scheme, trial, state } = progress.result;
    warn(`trial ${trial}: ${fault} under ${scheme}, ${state}`);
  };
  const { result, folder, unsaved } = await runLab(plan, [watch], interruption());
  const table = measuredTable(result, cautions);
  print(table);
  if (unsaved !== undefined) throw unsaved;
  print(`saved in ${folder}`);
  if (write && result.run.state === "completed") {
    await writeFile(page, withPart(await readFile(page, "utf8"), "measured", table));
    print(`written into ${page.pathname}`);
  }
  return exitCodeOf(result);
}

await runBench(parseFaults, measure);

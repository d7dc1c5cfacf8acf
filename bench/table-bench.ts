/** Benches whose trials end in a table of a page of the docs. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../src/installation.ts";
import { print, warn } from "../src/output.ts";
import { type Run, runLab } from "../src/run/lab.ts";
import type { RunPlan } from "../src/run/plan.ts";
import type { RunProgress } from "../src/run/progress.ts";
import { withPart } from "./page-part.ts";
import { interruption } from "./run-bench.ts";

type Ended = Extract<RunProgress, { readonly type: "trial-ended" }>["result"];

interface TableBench extends Pick<RunPlan, "command" | "argv" | "cautions" | "groups"> {
  readonly tickTimeMs: number;
  /** The page, below docs/. */
  readonly page: string;
  /** Whether to write the table into the page, given a run that is worth it. */
  readonly write: boolean;
  /** What to say when a trial has ended. */
  told(trial: Ended): string;
  table(run: Run): string | Promise<string>;
  isWorthWriting(run: Run): boolean;
}

/** @throws what has kept the run from being saved */
export async function runForTable(bench: TableBench): Promise<Run> {
  const { command, argv, tickTimeMs, cautions, groups } = bench;
  const plan: RunPlan = {
    ...{ command, argv, cautions, groups, seed: 1, out: undefined, warmUp: undefined, thresholds: [] },
    ensemble: { type: "embedded", tickTimeMs, fsync: true },
    ...{ election: "election", counter: "guarded" },
  };
  const watch = (progress: RunProgress) => {
    if (progress.type === "caution") warn(progress.words);
    if (progress.type === "trial-ended") warn(bench.told(progress.result));
  };
  const run = await runLab(plan, [watch], interruption());
  const table = await bench.table(run);
  print(table);
  if (run.unsaved !== undefined) throw run.unsaved;
  print(`saved in ${run.folder}`);
  if (bench.write && bench.isWorthWriting(run)) {
    const page = join(root, "docs", bench.page);
    await writeFile(page, withPart(await readFile(page, "utf8"), "measured", table));
    print(`written into ${page}`);
  }
  return run;
}

/**
 * Measures other implementations of leader election beside ours, each as processes of its own on the same
 * server, one after the other, and prints the table of docs/peers.md. Run with `yarn bench:peers`; `--write`
 * puts it into the page.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCodes } from "../src/lab-error.ts";
import { PEERS_TICK_MS, type PeersOptions, parsePeers } from "../src/options/bench-peers.ts";
import { nameOfTrial } from "../src/options/peers.ts";
import { print, warn } from "../src/output.ts";
import { runLab } from "../src/run/lab.ts";
import type { RunPlan } from "../src/run/plan.ts";
import type { Observer } from "../src/run/progress.ts";
import { longestAwakeBeliefs } from "./awake-beliefs.ts";
import { withPart } from "./page-part.ts";
import { peerTable } from "./peer-table.ts";
import { interruption, runBench } from "./run-bench.ts";

/** Bundles lie in dist/bench/. */
const page = new URL("../../docs/peers.md", import.meta.url);

async function measure(
  { groups, implementations, cautions, write }: PeersOptions,
  argv: readonly string[],
): Promise<number> {
  const plan: RunPlan = {
    command: "peers",
    argv: ["bench:peers", ...argv],
    seed: 1,
    out: undefined,
    ensemble: { type: "embedded", tickTimeMs: PEERS_TICK_MS, fsync: true },
    election: "election",
    counter: "guarded",
    cautions,
    warmUp: undefined,
    groups,
  };
  const watch: Observer = (progress) => {
    if (progress.type === "caution") warn(progress.words);
    if (progress.type !== "trial-ended") return;
    const { trial, fault, candidates, state, reason } = progress.result;
    const why = reason === undefined ? "" : ` (${reason})`;
    warn(
      `trial ${trial}: ${nameOfTrial(progress.result)}, ${candidates} candidates, ${fault}: ${state}${why}`,
    );
  };
  const { result, folder, unsaved } = await runLab(plan, [watch], interruption());
  const table = peerTable(
    result,
    implementations,
    await longestAwakeBeliefs(join(folder, "history.jsonl.gz")),
    cautions,
  );
  print(table);
  if (unsaved !== undefined) throw unsaved;
  print(`saved in ${folder}`);
  if (write && result.run.state !== "interrupted") {
    await writeFile(page, withPart(await readFile(page, "utf8"), "measured", table));
    print(`written into ${page.pathname}`);
  }
  // What others do wrong is a finding, not a failure.
  return result.run.state === "interrupted" ? exitCodes.interrupted : exitCodes.fine;
}

await runBench(parsePeers, measure);

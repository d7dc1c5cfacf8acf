/**
 * Measures other implementations of leader election beside ours, each as processes of its own on the same
 * server, one after the other, and prints the table of docs/peers.md. Run with `yarn bench:peers`; `--write`
 * puts it into the page.
 */
import { join } from "node:path";
import { exitCodes } from "../src/lab-error.ts";
import { PEERS_TICK_MS, type PeersOptions, parsePeers } from "../src/options/bench-peers.ts";
import { nameOfTrial } from "../src/options/peers.ts";
import { longestAwakeBeliefs } from "./awake-beliefs.ts";
import { peerTable } from "./peer-table.ts";
import { runBench } from "./run-bench.ts";
import { runForTable } from "./table-bench.ts";

async function measure(
  { groups, implementations, cautions, write }: PeersOptions,
  argv: readonly string[],
): Promise<number> {
  const { result } = await runForTable({
    ...{ command: "peers", argv: ["bench:peers", ...argv], tickTimeMs: PEERS_TICK_MS },
    ...{ groups, cautions, write, page: "peers.md" },
    told(result) {
      const { trial, fault, candidates, state, reason } = result;
      const why = reason === undefined ? "" : ` (${reason})`;
      return `trial ${trial}: ${nameOfTrial(result)}, ${candidates} candidates, ${fault}: ${state}${why}`;
    },
    table: async ({ result, folder }) =>
      peerTable(
        result,
        implementations,
        await longestAwakeBeliefs(join(folder, "history.jsonl.gz")),
        cautions,
      ),
    isWorthWriting: ({ result }) => result.run.state !== "interrupted",
  });
  // What others do wrong is a finding, not a failure.
  return result.run.state === "interrupted" ? exitCodes.interrupted : exitCodes.fine;
}

await runBench(parsePeers, measure);

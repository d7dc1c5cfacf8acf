/**
 * Strikes with every fault under every scheme, on the smallest ensemble that it needs, and prints the table of
 * docs/faults.md from the saved figures. Run with `yarn bench:faults`; `--write` puts it into the page.
 */
import { BENCH_TICK_MS, type FaultsOptions, parseFaults } from "../src/options/bench-faults.ts";
import { exitCodeOf } from "../src/run/exit-code.ts";
import { measuredTable } from "./fault-page.ts";
import { runBench } from "./run-bench.ts";
import { runForTable } from "./table-bench.ts";

async function measure({ groups, cautions, write }: FaultsOptions, argv: readonly string[]): Promise<number> {
  const { result } = await runForTable({
    ...{ command: "faults", argv: ["bench:faults", ...argv], tickTimeMs: BENCH_TICK_MS },
    ...{ groups, cautions, write, page: "faults.md" },
    told: ({ fault, scheme, trial, state }) => `trial ${trial}: ${fault} under ${scheme}, ${state}`,
    table: ({ result }) => measuredTable(result, cautions),
    isWorthWriting: ({ result }) => result.run.state === "completed",
  });
  return exitCodeOf(result);
}

await runBench(parseFaults, measure);

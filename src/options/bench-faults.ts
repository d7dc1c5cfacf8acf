/** `yarn bench:faults`: every fault under every scheme, for the table of docs/faults.md. */
import { schemeNames } from "../election/schemes.ts";
import type { Fault } from "../faults/fault.ts";
import { serverCounts } from "../history/conditions.ts";
import type { Host } from "../history/host.ts";
import { LabError } from "../lab-error.ts";
import type { Group } from "../run/trial-plan.ts";
import { axisNumber, failoverCount } from "./axes.ts";
import { checkParameters, faultList } from "./fault-list.ts";
import { parse, type Words } from "./flags.ts";
import { inTurns, ours } from "./groups.ts";
import { missing } from "./needs.ts";
import { loadScripts } from "./script-file.ts";
import { ALL } from "./values.ts";

export interface FaultsOptions {
  readonly type: "faults";
  readonly groups: readonly Group[];
  /** A sentence for each fault that this machine does not permit. */
  readonly cautions: readonly string[];
  /** Whether to write the table into the page. */
  readonly write: boolean;
}

/** The tick of the servers. */
export const BENCH_TICK_MS = 200;

/** Failovers before those that are measured, where they take no time. */
const WARM_UPS = 5;

/** @throws {LabError} `usage` */
export async function parseFaults(args: readonly string[]): Promise<FaultsOptions | Words> {
  const parsed = await parse(
    "yarn bench:faults",
    "Strikes with every fault under every scheme, and prints the table of docs/faults.md.",
    {
      args,
      flags: {
        fault: { group: "Faults:", default: ALL, describe: "which, a list, or all" },
        candidates: {
          group: "Faults:",
          default: "20",
          describe: "number of candidates, with a thread and a session each",
        },
        failovers: { group: "Faults:", default: "3", describe: "how many of each, under each scheme" },
        "session-timeout": { group: "Faults:", default: "3000", describe: "milliseconds" },
        write: { group: "Faults:", switch: true, describe: "writes the table into docs/faults.md as well" },
      },
      examples: [
        ["yarn bench:faults --write", "for the documentation, on a quiet machine"],
        ["yarn bench:faults --fault cut,partition --candidates 5", "some of them"],
      ],
    },
  );
  if (parsed.type === "words") return parsed;
  const { fault, candidates: count, failovers, "session-timeout": timeout, write } = parsed.values;
  if (write && fault !== ALL)
    throw new LabError("usage", "--write is for the whole table; leave --fault out");
  const candidates = axisNumber("candidates", count);
  const chosen = faultList(fault, await loadScripts(fault));
  const sessionTimeoutMs = axisNumber("sessionTimeoutMs", timeout);
  const timings = [{ sessionTimeoutMs, tickTimeMs: BENCH_TICK_MS }];
  const refused = chosen.flatMap((one) => {
    const offer = {
      timings,
      candidates: [candidates],
      servers: [smallest(one)],
      hosts: [hostFor(one)],
      perThread: [1],
      ensemble: "own",
      fsync: true,
    } as const;
    const reason = missing(one, offer);
    return reason === null ? [] : { one, words: `${one.name} is left out: ${reason}` };
  });
  const possible = chosen.filter((fault) => !refused.some(({ one }) => one === fault));
  const [first] = refused;
  if (possible.length === 0 && first !== undefined) throw new LabError("usage", `--fault ${first.words}`);
  checkParameters(possible, timings);
  const grid = possible.map((one) => ({
    candidates: [candidates],
    fault: [one],
    sessionTimeoutMs: [sessionTimeoutMs],
    delay: ["none"],
    servers: [smallest(one)],
    host: [hostFor(one)],
    perThread: [1],
    join: ["by-list"],
    schemes: ours(...schemeNames),
    failovers: failoverCount(failovers),
  }));
  const groups = inTurns(grid).map(({ trials }) => ({
    trials,
    turns: { failovers: Number.POSITIVE_INFINITY, warmUps: trials.every(isAtOnce) ? WARM_UPS : 0 },
  }));
  return { type: "faults", groups, cautions: refused.map(({ words }) => words), write };
}

/** The smallest ensemble that a fault needs. */
function smallest({ needs }: Fault): number {
  const suffices = (count: number) => needs.every((need) => need.what !== "servers" || count >= need.fewest);
  return Math.min(...serverCounts.filter(suffices));
}

function hostFor({ needs }: Fault): Host {
  return needs.some((need) => need.what === "host" && need.is === "process") ? "process" : "thread";
}

function isAtOnce({ fault: { leader, fallsSilent } }: { readonly fault: Fault }): boolean {
  return leader === "next" && !fallsSilent;
}

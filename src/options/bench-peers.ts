/** `yarn bench:peers`: other implementations of leader election beside ours, for docs/peers.md. */
import type { Fault } from "../faults/fault.ts";
import { root } from "../installation.ts";
import { LabError } from "../lab-error.ts";
import type { Group } from "../run/trial-plan.ts";
import { axisNumber, failoverCount } from "./axes.ts";
import { checkParameters, faultList } from "./fault-list.ts";
import { parse, type Words } from "./flags.ts";
import { type Axes, oneByOne } from "./groups.ts";
import { missing } from "./needs.ts";
import { type Absent, type Implementation, implementation, implementationNames } from "./peers.ts";
import { loadScripts } from "./script-file.ts";
import { ALL, list, oneOf } from "./values.ts";

export interface PeersOptions {
  readonly type: "peers";
  readonly groups: readonly Group[];
  readonly implementations: readonly Implementation[];
  /** A sentence for each peer that is not there. */
  readonly cautions: readonly string[];
  /** Whether to write the table into the page. */
  readonly write: boolean;
}

/** The tick of the servers. */
export const PEERS_TICK_MS = 200;

/** A candidate's first term loads its code: so each candidate leads once before failovers are measured. */
const warmUpsOf = (fault: Fault, candidates: number) => (fault.victim === "leaves" ? candidates : 0);

/** @throws {LabError} `usage` */
export async function parsePeers(args: readonly string[]): Promise<PeersOptions | Words> {
  const parsed = await parse(
    "yarn bench:peers",
    "Measures other implementations beside ours, on one server, and prints the table of docs/peers.md. " +
      "Run ./scripts/peers first: it fetches them.",
    {
      args,
      flags: {
        peer: {
          group: "Peers:",
          default: ALL,
          describe: `which, a list, or all: ${implementationNames.join(", ")}`,
        },
        fault: {
          group: "Peers:",
          default: "resign,close,kill,pause,delete,cut",
          describe: "what strikes, a list",
        },
        candidates: {
          group: "Peers:",
          default: "4,12",
          describe:
            "numbers of candidates, a process each; faults other than the first strike only the first number",
        },
        failovers: {
          group: "Peers:",
          default: "15",
          describe: "how many of the first fault; of the others a fifth",
        },
        "session-timeout": { group: "Peers:", default: "2000", describe: "milliseconds" },
        write: { group: "Peers:", switch: true, describe: "writes the table into docs/peers.md as well" },
      },
      examples: [
        ["yarn bench:peers --write", "for the documentation, on a quiet machine"],
        ["yarn bench:peers --peer heir,kazoo-election --fault pause --candidates 4", "some of it"],
      ],
    },
  );
  if (parsed.type === "words") return parsed;
  const { peer, fault, candidates, failovers, "session-timeout": timeout, write } = parsed.values;
  if (write && peer !== ALL) throw new LabError("usage", "--write is for the whole table; leave --peer out");
  const named =
    peer === ALL ? implementationNames : list("--peer", peer, oneOf("--peer", implementationNames));
  const chosen = named.map((name) => implementation(name, root));
  const implementations = chosen.filter((one): one is Implementation => "planned" in one);
  const absent = chosen.filter((one): one is Absent => "reason" in one);
  const [first] = absent;
  if (implementations.length === 0 && first !== undefined)
    throw new LabError("unavailable", `--peer ${first.name} is left out: ${first.reason}`);
  const counts = list("--candidates", candidates, (text) => axisNumber("candidates", text));
  const sessionTimeoutMs = axisNumber("sessionTimeoutMs", timeout);
  const timings = [{ sessionTimeoutMs, tickTimeMs: PEERS_TICK_MS }];
  const faults = faultList(fault, await loadScripts(fault));
  checkPossible(faults, counts, timings);
  checkParameters(faults, timings);
  const many = failoverCount(failovers);
  const grid = faults.flatMap((one, place) =>
    (place === 0 ? counts : counts.slice(0, 1)).flatMap((count) =>
      implementations.map(
        ({ host, planned }): Axes => ({
          candidates: [count],
          fault: [one],
          sessionTimeoutMs: [sessionTimeoutMs],
          delay: ["none"],
          servers: [1],
          host: [host],
          perThread: [1],
          join: ["by-list"],
          schemes: [planned],
          failovers: place === 0 ? many : Math.ceil(many / 5),
        }),
      ),
    ),
  );
  const groups = oneByOne(grid).map(({ trials, turns }) => ({
    trials,
    turns: {
      ...turns,
      warmUps: Math.max(...trials.map(({ fault, candidates }) => warmUpsOf(fault, candidates))),
    },
  }));
  const cautions = absent.map(({ name, reason }) => `${name} is left out: ${reason}`);
  return { type: "peers", groups, implementations, cautions, write };
}

/** @throws {LabError} `usage` */
function checkPossible(
  faults: readonly Fault[],
  candidates: readonly number[],
  timings: readonly { readonly sessionTimeoutMs: number; readonly tickTimeMs: number }[],
): void {
  for (const fault of faults) {
    const offer = {
      candidates,
      servers: [1],
      hosts: ["process"],
      perThread: [1],
      timings,
      ensemble: "own",
      fsync: true,
    } as const;
    const reason = missing(fault, offer);
    if (reason !== null) throw new LabError("usage", `--fault ${fault.name}: ${reason}`);
  }
}

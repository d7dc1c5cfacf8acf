/** `yarn live`: elections that somebody strikes by hand, in a browser. */
import { type SchemeName, schemeNames } from "../election/schemes.ts";
import { parseConnectFlag } from "../ensemble/connect-flag.ts";
import { byHand } from "../faults/by-hand.ts";
import { axes as axisEntries, serverCounts } from "../history/conditions.ts";
import type { Host } from "../history/host.ts";
import { LabError } from "../lab-error.ts";
import { Occasions } from "../run/occasions.ts";
import { AT_ONCE } from "../run/trial-plan.ts";
import { axisFlags, axisNumber, checkPlan } from "./axes.ts";
import { commands } from "./commands.ts";
import { type Flag, parse, type Words } from "./flags.ts";
import { type Axes, oneByOne, ours } from "./groups.ts";
import { hostFlags, hostList } from "./host-flags.ts";
import { type MeasureOptions, runFlags, runOptions } from "./run-flags.ts";
import { ALL, list, oneOf, wholeNumber } from "./values.ts";

/** Shows a saved run again. */
export interface ReplayOptions {
  readonly type: "replay";
  readonly run: string;
  readonly out: string | undefined;
}

export interface LiveOptions {
  readonly type: "live";
  readonly measure: MeasureOptions;
  readonly schemes: readonly SchemeName[];
  readonly candidates: number;
  readonly host: Host;
  readonly sessionTimeoutMs: number;
  /** The number of servers that may be struck. */
  readonly strikable: number;
  readonly elections: readonly Occasions[];
  readonly port: number;
  /** Whether to show the page at once. */
  readonly open: boolean;
}

/** As many as a line on the page can show, even folded. */
const MOST_CANDIDATES = 200;

/** The page strikes servers itself; how long a leader stands still is its own affair. */
const {
  "freeze-for": _freezeFor,
  json: _json,
  seed: _seed,
  "server-hook": _hook,
  "yes-on": _yesOn,
  ...shared
} = runFlags;

const notTyped = {
  "freeze-for": undefined,
  json: false,
  seed: runFlags.seed.default,
  "server-hook": undefined,
  "yes-on": [],
};

const liveFlags = {
  candidates: {
    group: "Experiment:",
    default: "12",
    describe: `how many in each election, 3 to ${MOST_CANDIDATES}`,
  },
  servers: {
    group: "Experiment:",
    default: "3",
    describe: `how many servers the lab starts for all elections: ${serverCounts.join(", ")}`,
  },
  scheme: {
    group: "Experiment:",
    default: ALL,
    describe: `what a waiting candidate watches, a list, or all: ${schemeNames.join(",")}; an election for each`,
  },
  "session-timeout": { ...axisFlags["session-timeout"], describe: "milliseconds" },
  "candidate-process": {
    ...hostFlags["candidate-process"],
    describe: "each candidate is a process, not a thread: it can be killed",
  },
  will: { ...hostFlags.will, describe: "and when its process is gone, its session ends at once" },
  port: {
    group: "Page:",
    default: "0",
    describe: "the page's, on the loopback interface; 0 for any that is free",
  },
  replay: {
    group: "Page:",
    describe:
      "a saved run: writes the page that shows it again, without servers, to its folder or --out FILE",
  },
  ...shared,
  "no-fence": {
    ...shared["no-fence"],
    describe:
      "lets leaders that stood still write unhindered, to see the harm; the verdict fencing is FALSE then",
  },
  open: { group: "Page:", switch: true, describe: "show the page in the browser" },
} as const satisfies Record<string, Flag>;

const examples = [
  ["yarn live", "four elections of twelve, on three servers: strike, and see who wakes"],
  ["yarn live --candidate-process --will", "kill -9 as well"],
  ["yarn live --replay runs/2026-11-30T10-00-00-000Z-live --out demo.html", "to put on a web site"],
  ["yarn live --candidates 50 --scheme predecessor,leader", "a larger herd"],
] as const;

/** @throws {LabError} `usage` */
export async function parseLive(args: readonly string[]): Promise<LiveOptions | ReplayOptions | Words> {
  const parsed = await parse(commands.live.line, commands.live.about, {
    ...{ args, flags: liveFlags, examples },
  });
  if (parsed.type === "words") return parsed;
  const { values, given } = parsed;
  if (values.replay !== undefined) {
    const other = [...given].find((flag) => flag !== "replay" && flag !== "out");
    if (other !== undefined)
      throw new LabError(
        "usage",
        `--${other} is for a new run, --replay for a saved one; leave one of them out`,
      );
    return { type: "replay", run: values.replay, out: values.out };
  }
  const { parts, output } = runOptions({ ...values, ...notTyped }, given);
  const schemes = chosen(values.scheme);
  const candidates = wholeNumber("--candidates", values.candidates, 3, MOST_CANDIDATES);
  const sessionTimeoutMs = axisNumber("sessionTimeoutMs", values["session-timeout"]);
  const servers =
    parts.ensemble.type === "external"
      ? parseConnectFlag(parts.ensemble.connect).servers.length
      : axisNumber("servers", values.servers);
  const [host = "thread"] = hostList(axisEntries.host.default, values);
  const grid: Axes = {
    candidates: [candidates],
    fault: [byHand],
    sessionTimeoutMs: [sessionTimeoutMs],
    delay: [axisEntries.delay.default],
    servers: [servers],
    host: [host],
    perThread: [1],
    join: [axisEntries.join.default],
    schemes: ours(...schemes),
    failovers: 0,
  };
  const cautions = checkPlan([grid], parts, given);
  const trials = oneByOne([grid]).flatMap((group) =>
    group.trials.map((trial) => ({ ...trial, occasions: new Occasions() })),
  );
  const plan = {
    ...({ command: "live", argv: ["live", ...args], cautions, warmUp: undefined } as const),
    ...parts,
    groups: [{ trials, turns: AT_ONCE }],
    thresholds: [],
  };
  return {
    type: "live",
    measure: { type: "measure", plan, compare: undefined, ...output, open: false },
    open: output.open,
    ...{ schemes, candidates, host, sessionTimeoutMs },
    strikable: parts.ensemble.type === "external" ? 0 : servers,
    elections: trials.map(({ occasions }) => occasions),
    port: wholeNumber("--port", values.port, 0, 65_535),
  };
}

/** @throws {LabError} if it is less than two: they stand side by side */
function chosen(text: string): SchemeName[] {
  const one = oneOf("--scheme", schemeNames);
  const names = list("--scheme", text, (word) => (word === ALL ? word : one(word)));
  const schemes = [...new Set(names.flatMap((name) => (name === ALL ? schemeNames : name)))];
  if (schemes.length > 1) return schemes;
  throw new LabError("usage", `--scheme ${text}: the page shows two side by side; give two or more`);
}

/** `yarn bench`: a grid of trials, what to make of it, and the advice that measures nothing. */

import { PINGS } from "../election/pace.ts";
import { schemeNames, schemes } from "../election/schemes.ts";
import { faults } from "../faults/faults.ts";
import { axes, defaultConditions } from "../history/conditions.ts";
import { LabError } from "../lab-error.ts";
import { mustApply, parseThreshold, type Threshold } from "../metrics/threshold.ts";
import type { Group, TrialPlan } from "../run/trial-plan.ts";
import {
  type AxisLists,
  axisFlags,
  axisLists,
  axisNumber,
  checkPlan,
  chosenSchemes,
  failoverCount,
  faultChoices,
  wanFlag,
} from "./axes.ts";
import { withChosenTimeout } from "./chosen-timeout.ts";
import { commands } from "./commands.ts";
import { withFreezeFor } from "./fault-list.ts";
import { type Flag, parse, type Words } from "./flags.ts";
import { grid, quickGrid } from "./grid.ts";
import { type Axes, inTurns, ours, type PlannedScheme } from "./groups.ts";
import { type GrowthGrid, growthDefaults, growthGrid } from "./growth-grid.ts";
import { type MeasureOptions, runFlags, runOptions } from "./run-flags.ts";
import { loadScripts } from "./script-file.ts";
import { quoted, wholeNumber } from "./values.ts";

/** Everything else is as in the run that is resumed. */
export interface ResumeOptions {
  readonly type: "resume";
  readonly run: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly open: boolean;
}

export interface AdviceOptions {
  readonly type: "advice";
  readonly targetMs: number;
  readonly candidates: number;
  /** A saved run whose measurements are to be used. */
  readonly run: string | undefined;
}

/** Does not replace the grid: that is measured on each of these numbers of servers. */
const SERVERS = axes.servers.flag;

/** The user's own lists: without any, the grid is used. */
const listFlags = Object.fromEntries(
  Object.entries({ ...axisFlags, ...wanFlag }).map(([flag, { group, describe }]) => [
    flag,
    {
      group,
      describe: `${describe}; ${flag === SERVERS ? "the grid on each" : "lists multiply, instead of the grid"}`,
    },
  ]),
) as Readonly<Record<keyof typeof axisFlags | keyof typeof wanFlag, Flag>>;

const benchFlags = {
  quick: { group: "Experiment:", switch: true, describe: "a smaller grid, under 45 seconds" },
  growth: {
    group: "Experiment:",
    switch: true,
    describe: "how everything grows with the number of candidates, and a forecast; a grid of its own",
  },
  ...listFlags,
  scheme: { group: "Experiment:", describe: `list, or all: ${schemeNames.join(",")}; or a file: ./mine.ts` },
  failovers: { group: "Experiment:", describe: "how many are measured in each trial" },
  resume: { group: "Experiment:", describe: "folder of an interrupted run: runs what it lacks" },
  ensure: {
    group: "Judging:",
    repeats: true,
    describe: "a threshold, such as 'predecessor.failoverMs.p99<50'; exit 99 when it is missed",
  },
  compare: { group: "Judging:", describe: "folder of a saved run to compare with, trial by trial" },
  plan: {
    group: "Planning:",
    switch: true,
    describe: "measure nothing: which session timeouts keep the --target-failover?",
  },
  "target-failover": { group: "Planning:", describe: "milliseconds within which a new leader must lead" },
  ...runFlags,
} as const satisfies Record<string, Flag>;

const benchExamples = [
  ["yarn bench", "the whole grid, under five minutes"],
  ["yarn bench --candidates 5,50,100 --scheme all --fault resign,freeze", "lists multiply"],
  ["yarn bench --growth", "from 10 candidates to many, and what more would need"],
  ["yarn bench --quick --servers 1,3", "the grid on one server, and on three"],
  ["yarn bench --quick --ensure 'leader/predecessor.failoverMs.p50>1'", "for a build that checks"],
  ["yarn bench --quick --compare runs/before", "did it change?"],
  ["yarn bench --plan --target-failover 3000 [RUN]", "which session timeout do I need?"],
] as const;

/** @throws {LabError} `usage` */
export async function parseBench(
  args: readonly string[],
): Promise<MeasureOptions | ResumeOptions | AdviceOptions | Words> {
  const parsed = await parse(commands.bench.line, commands.bench.about, {
    args,
    flags: benchFlags,
    examples: benchExamples,
    choices: faultChoices,
    operands: commands.bench.operands,
  });
  if (parsed.type === "words") return parsed;
  const { values, given, operands } = parsed;
  if (values.plan) return adviceOptions(values, given, operands);
  const [stray] = operands;
  if (stray !== undefined)
    throw new LabError("usage", `${quoted(stray)}: a run is only for --plan, --compare or --resume`);
  if (values["target-failover"] !== undefined)
    throw new LabError("usage", "--target-failover needs --plan; add that, or leave this out");
  if (values.resume !== undefined) {
    const { resume: run, json, quiet, open } = values;
    only(given, ["resume", "json", "quiet", "open"], "--resume takes everything else from the run itself");
    return { type: "resume", run, json, quiet, open };
  }
  const { parts, output } = runOptions(values, given);
  const schemes = values.scheme === undefined ? undefined : await chosenSchemes(values.scheme);
  const lists = axisLists(values, parts.ensemble, await loadScripts(values.fault));
  const tried = values.growth
    ? growthOf(values, given, schemes, lists)
    : { planned: gridOf(values, given, schemes, lists), cautions: [] };
  const grid = withFreezeFor(tried.planned, values["freeze-for"]);
  const { planned, cautions: chosen } = withChosenTimeout(grid, given);
  const cautions = [...chosen, ...checkPlan(planned, parts, given, values.fault), ...tried.cautions];
  const groups = values.growth ? resting(inTurns(planned)) : inTurns(planned);
  return {
    type: "measure",
    plan: {
      command: "bench",
      argv: ["bench", ...args],
      ...parts,
      cautions,
      // A crowd that is measured also joins several times.
      warmUp: { ...warmUpOf(planned), ...(values.growth && { restMs: 0 }) },
      groups,
      thresholds: thresholdsOf(values.ensure, groups),
    },
    compare: values.compare,
    ...output,
  };
}

/** A server that has just started answers more slowly than later, and a herd makes it answer often. */
function warmUpOf(grid: readonly Axes[]): TrialPlan {
  return {
    ...defaultConditions,
    trial: 0,
    scheme: schemes.leader,
    schemeSource: { name: "leader" },
    fault: faults.resign,
    // No more candidates, and no other timeout, than the ensemble has to bear anyway.
    candidates: Math.min(20, ...grid.flatMap(({ candidates }) => Math.max(...candidates))),
    failovers: 30,
    sessionTimeoutMs: Math.max(...grid.flatMap(({ sessionTimeoutMs }) => sessionTimeoutMs)),
  };
}

type AxisFlag = keyof typeof listFlags | "failovers";

/** What was not typed is as it shows growth best. */
function growthOf(
  values: { readonly quick: boolean; readonly failovers: string | undefined },
  given: ReadonlySet<string>,
  schemes: readonly PlannedScheme[] | undefined,
  lists: AxisLists,
): GrowthGrid {
  if (values.quick)
    throw new LabError("usage", "--growth and --quick have grids of their own; leave one out");
  const { candidates, sessionTimeoutMs, join } = growthDefaults;
  const failovers = values.failovers === undefined ? undefined : failoverCount(values.failovers);
  const { perThread, servers, ...others } = lists;
  const typed = {
    ...others,
    ...(given.has(axes.perThread.flag) && { perThread }),
    ...(!given.has(axes.candidates.flag) && { candidates }),
    ...(!given.has(axes.sessionTimeoutMs.flag) && { sessionTimeoutMs }),
    ...(!given.has(axes.join.flag) && { join }),
    ...((given.has(SERVERS) || given.has("connect")) && { servers }),
  };
  return growthGrid(typed, schemes ?? ours("predecessor", "leader", "children", "heir"), failovers);
}

/**
 * Candidates rest before the first failover, to be measured: for so long that each session pings once. Schemes
 * that take turns cost the same at rest, so only one is measured.
 */
function resting(groups: readonly Group[]): Group[] {
  return groups.map(({ trials, turns }) => ({
    turns,
    trials: trials.map((trial, place) => ({
      ...trial,
      restMs: place === 0 ? Math.round(trial.sessionTimeoutMs * PINGS) : 0,
    })),
  }));
}

/** If a list is given, other than of servers, lists multiply; otherwise the predefined grid is used. */
function gridOf(
  values: Readonly<Record<AxisFlag, string | undefined>> & { readonly quick: boolean },
  given: ReadonlySet<string>,
  schemes: readonly PlannedScheme[] | undefined,
  lists: AxisLists,
): readonly Axes[] {
  const failovers = values.failovers === undefined ? undefined : failoverCount(values.failovers);
  const own = Object.keys(listFlags).find((flag) => flag !== SERVERS && given.has(flag));
  if (own === undefined) {
    return (values.quick ? quickGrid : grid).map((axes) => ({
      ...axes,
      servers: lists.servers,
      ...(schemes !== undefined && { schemes }),
      ...(failovers !== undefined && { failovers }),
    }));
  }
  if (values.quick) throw new LabError("usage", `--quick has its own grid; leave it out, or --${own}`);
  return [
    {
      ...lists,
      schemes: schemes ?? ours(...schemeNames),
      failovers: failovers ?? 30,
    },
  ];
}

function adviceOptions(
  values: { readonly "target-failover": string | undefined; readonly candidates: string | undefined },
  given: ReadonlySet<string>,
  operands: readonly string[],
): AdviceOptions {
  only(given, ["plan", "target-failover", "candidates"], "--plan measures nothing");
  const target = values["target-failover"];
  if (target === undefined)
    throw new LabError("usage", "--plan: give --target-failover, the milliseconds that a failover may take");
  const [run, ...more] = operands;
  if (more.length > 0) throw new LabError("usage", "--plan takes the measurements of one run; name only one");
  return {
    type: "advice",
    targetMs: wholeNumber("--target-failover", target, 1, 86_400_000, "ms"),
    candidates: axisNumber("candidates", values.candidates ?? axisFlags.candidates.default),
    run,
  };
}

function only(given: ReadonlySet<string>, allowed: readonly string[], reason: string): void {
  for (const flag of given) {
    if (!allowed.includes(flag)) throw new LabError("usage", `${reason}; leave --${flag} out`);
  }
}

function thresholdsOf(texts: readonly string[], groups: readonly Group[]): Threshold[] {
  const planned = groups.flatMap(({ trials }) =>
    trials.map((trial) => ({ ...trial, scheme: trial.scheme.name, fault: trial.fault.name })),
  );
  return texts.map((text) => {
    const threshold = parseThreshold(text);
    mustApply(threshold, planned);
    return threshold;
  });
}

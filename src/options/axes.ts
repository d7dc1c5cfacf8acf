/** Parses what to try: schemes, numbers of candidates, failovers, session timeouts and delays. */
import { joinModes } from "../election/join-mode.ts";
import { schemeNames } from "../election/schemes.ts";
import { parseConnectFlag } from "../ensemble/connect-flag.ts";
import { sessionTimeoutRange } from "../ensemble/session-timeout-range.ts";
import type { Fault } from "../faults/fault.ts";
import { type FaultGroup, faultGroups, groupOf } from "../faults/fault-group.ts";
import { faults, faultsToFence } from "../faults/faults.ts";
import type { Timing } from "../faults/timing.ts";
import { parameterLines } from "../faults/tuning.ts";
import { type Axis, type AxisName, axes as axisEntries, axisNames } from "../history/conditions.ts";
import { type Wan, wanDelays } from "../history/delay.ts";
import { LabError } from "../lab-error.ts";
import type { EnsemblePlan } from "../run/plan.ts";
import { checkParameters, faultList } from "./fault-list.ts";
import type { Choices, Flag } from "./flags.ts";
import { type Axes, ours, type PlannedScheme } from "./groups.ts";
import { type HostValues, hostList } from "./host-flags.ts";
import { leftOut, missing, type Offer } from "./needs.ts";
import type { PlanParts } from "./run-flags.ts";
import { checkNotifications, isSchemeFile, loadScheme } from "./scheme-file.ts";
import type { Scripts } from "./script-file.ts";
import { ALL, list, oneOf, quoted, wholeNumber } from "./values.ts";

type NumberAxis = {
  [Name in AxisName]: (typeof axisEntries)[Name]["default"] extends number ? Name : never;
}[AxisName];
type AxisFlag = (typeof axisEntries)[AxisName]["flag"];

/** A flag for each axis, which takes a list. */
export const axisFlags = Object.fromEntries(
  axisNames.map((name): [AxisFlag, Flag] => {
    const { flag, describe, default: standard } = axisEntries[name];
    const below = name === "fault" ? "; see below" : "";
    return [flag, { group: "Experiment:", default: String(standard), describe: describe + below }];
  }),
) as Readonly<Record<AxisFlag, Flag & { readonly default: string }>>;

/** The faults in their groups, with a line about each. */
export const faultChoices: readonly Choices[] = (Object.keys(faultGroups) as FaultGroup[]).map((group) => ({
  heading: faultGroups[group],
  names: Object.values<Fault>(faults)
    .filter((fault) => groupOf(fault) === group)
    .flatMap((fault) => [[fault.name, fault.summary] as const, ...parameterLines(fault)]),
}));

/** Another way to name a delay. */
export const wanFlag = {
  wan: {
    group: "Experiment:",
    describe: `the --delay between two regions, or two zones of one; or a list: ${Object.keys(wanDelays).join(",")}`,
  },
} as const satisfies Record<string, Flag>;

/** The values of each axis, or its default if its flag was not given. A user's own ensemble is as it is. */
export function axisLists(
  values: Readonly<Partial<Record<AxisFlag | "wan", string | undefined>>> & HostValues,
  ensemble?: EnsemblePlan,
  scripts: Scripts = new Map(),
): AxisLists {
  const lists = axisNames.map((name) => {
    const { flag, default: standard } = axisEntries[name];
    const text = values[flag] ?? String(standard);
    if (name === "fault") return [name, faultList(text, scripts)];
    if (name === "delay") return [name, delays(text, values.wan)];
    if (name === "host") return [name, hostList(text, values)];
    if (name === "join") return [name, list(`--${flag}`, text, oneOf(`--${flag}`, joinModes))];
    return [name, list(`--${flag}`, text, (word) => axisNumber(name, word))];
  });
  const typed: AxisLists = Object.fromEntries(lists);
  const there =
    ensemble?.type === "external"
      ? { ...typed, servers: [parseConnectFlag(ensemble.connect).servers.length] }
      : typed;
  if (values.fault !== ALL) return there;
  return {
    ...there,
    fault: there.fault.filter((fault) => missing(fault, offerOf(there, ensemble)) === null),
  };
}

/**
 * Checks everything that a run is to try.
 * @returns what a person should know before it begins
 * @throws {LabError} `usage`
 */
export function checkPlan(
  planned: readonly Axes[],
  parts: PlanParts,
  given: ReadonlySet<string>,
  fault = "",
): string[] {
  for (const axes of planned) {
    checkShared(axes);
    checkAxes(axes, parts);
  }
  checkFence(planned, parts);
  checkSpread(planned, given);
  return planned.flatMap((axes) => faultsLeftOut(fault, axes, parts.ensemble));
}

/** Reasons why `--fault all` is not really all of them. */
function faultsLeftOut(fault: string, axes: AxisLists, ensemble: EnsemblePlan): string[] {
  return fault === ALL ? leftOut(offerOf(axes, ensemble)) : [];
}

function offerOf(axes: AxisLists, ensemble: EnsemblePlan | undefined): Offer {
  const { candidates, servers, host: hosts, perThread } = axes;
  const offer = { candidates, servers, hosts, perThread, timings: timingsOf(axes, ensemble) };
  if (ensemble?.type !== "external") return { ...offer, ensemble: "own", fsync: ensemble?.fsync !== false };
  const touch = ensemble.hook === undefined ? "untouchable" : "strikable";
  return { ...offer, ensemble: touch, fsync: true };
}

/** What is known of them before the ensemble has been asked. */
function timingsOf({ sessionTimeoutMs }: AxisLists, ensemble: EnsemblePlan | undefined): Timing[] {
  const tickTimeMs = ensemble?.type === "embedded" ? ensemble.tickTimeMs : null;
  return sessionTimeoutMs.map((timeout) => ({ sessionTimeoutMs: timeout, tickTimeMs }));
}

function delays(text: string, wan: string | undefined): string[] {
  const { default: standard, canonical } = axisEntries.delay;
  if (wan === undefined)
    return list("--delay", text, (word) => {
      const delay = canonical(word);
      if (delay !== null) return delay;
      throw new LabError(
        "usage",
        `--delay ${quoted(word)}: give milliseconds, at most 10000, and a jitter that is no longer: 20ms or 20ms±5ms`,
      );
    });
  if (text !== standard) throw new LabError("usage", "--wan names a --delay; leave one of them out");
  const one = oneOf("--wan", Object.keys(wanDelays) as Wan[]);
  return list("--wan", wan, (word) => wanDelays[one(word)]);
}

export type AxisLists = Pick<Axes, AxisName>;

export function axisNumber(name: NumberAxis, text: string): number {
  const { flag, range, unit, refusal }: Axis<number> = axisEntries[name];
  const refused = refusal?.(Number(text)) ?? null;
  if (refused !== null) throw new LabError("usage", `--${flag} ${text}: ${refused}`);
  return wholeNumber(`--${flag}`, text, ...range, unit ?? "");
}

export function failoverCount(text: string): number {
  return wholeNumber("--failovers", text, 1, 10_000);
}

/** A list of the lab's schemes, `all` of them, and files. */
export async function chosenSchemes(text: string): Promise<PlannedScheme[]> {
  const one = oneOf("--scheme", schemeNames);
  const words = list("--scheme", text, (word) => (word === "all" || isSchemeFile(word) ? word : one(word)));
  const chosen: PlannedScheme[] = [];
  for (const word of words) {
    if (word === "all") chosen.push(...ours(...schemeNames));
    else chosen.push(...(isSchemeFile(word) ? [await loadScheme(word)] : ours(one(word))));
  }
  const names = chosen.map(({ scheme }) => scheme.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return chosen;
  throw new LabError("usage", `--scheme ${quoted(text)}: two schemes have the name ${twice}; leave one out`);
}

/** Only threads are shared, and only by those that there are. */
function checkShared({ perThread, host, candidates }: AxisLists): void {
  const most = Math.max(...perThread);
  if (most === 1) return;
  const title = `--${axisEntries.perThread.flag} ${most}`;
  const other = host.find((one) => one !== "thread");
  if (other !== undefined) {
    const how = other === "program" ? "--candidate" : `--host ${other}`;
    throw new LabError(
      "usage",
      `${title}: only threads are shared, not processes; leave this out, or ${how}`,
    );
  }
  const fewest = Math.min(...candidates);
  if (most > fewest)
    throw new LabError(
      "usage",
      `${title}: there are only --candidates ${fewest}; give at most as many per thread`,
    );
}

/** If no leader is left behind its successor, there is nothing to fence. */
function checkFence(grid: readonly Axes[], { counter }: PlanParts): void {
  if (
    counter === "guarded" ||
    grid.some(
      ({ host, fault }) =>
        host.includes("thread") && fault.some(({ leavesBehind }) => leavesBehind === "an-old-leader"),
    )
  )
    return;
  throw new LabError(
    "usage",
    `--no-fence: only old leaders that are threads are fenced, and there are none here; add --fault ${faultsToFence.join(" or ")}`,
  );
}

/** A single server serves everybody. */
function checkSpread(grid: readonly Axes[], given: ReadonlySet<string>): void {
  if (!given.has("spread") || grid.some(({ servers }) => servers.some((count) => count > 1))) return;
  throw new LabError("usage", "--spread: one server serves all candidates; add --servers 3 or 5");
}

/** A candidate that joins by number knows no other than the one just before it. */
function checkJoin({ join, schemes }: Axes): void {
  if (!join.includes("by-number")) return;
  const other = schemes.find(({ scheme }) => scheme.watchesPredecessor !== true);
  if (other === undefined) return;
  const what =
    "command" in other.source
      ? "a program joins in its own way"
      : `${other.scheme.name} does not say that it watches the contender just before (watchesPredecessor)`;
  throw new LabError(
    "usage",
    `--join by-number: ${what}; leave it out, or give --scheme predecessor, heir or both`,
  );
}

/** Checks all that can be checked without looking at the ensemble. */
function checkAxes(axes: Axes, parts: PlanParts): void {
  const { candidates, schemes, fault: chosen, sessionTimeoutMs } = axes;
  const { ensemble } = parts;
  checkJoin(axes);
  checkParameters(chosen, timingsOf(axes, ensemble));
  for (const fault of chosen) {
    const words = missing(fault, offerOf(axes, ensemble));
    if (words !== null) throw new LabError("usage", `--fault ${fault.name}: ${words}`);
  }
  const deaths = candidates.flatMap((contenders) =>
    // Position 0 is included for every fault: a run's duration is estimated from the leader's.
    [[0] as const, ...chosen.map((fault) => fault.positions(contenders))].map((positions) => ({
      contenders,
      positions,
    })),
  );
  for (const { scheme, source } of schemes) if ("url" in source) checkNotifications(scheme, deaths);
  if (ensemble.type === "external") return;
  const [min, max] = sessionTimeoutRange(ensemble.tickTimeMs);
  const refused = sessionTimeoutMs.find((timeout) => timeout < min || timeout > max);
  if (refused === undefined) return;
  throw new LabError(
    "usage",
    `--session-timeout ${refused}: give a whole number from ${min} to ${max} ms, the range that a server ` +
      `with --tick-time ${ensemble.tickTimeMs} grants`,
  );
}

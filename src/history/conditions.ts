/**
 * The axes along which trials differ besides their scheme. Flags, plans, groups, filters, columns and sentences
 * are derived from these entries: to add an axis, add an entry.
 */

import { text, whole } from "../shape.ts";
import { delayName, NO_DELAY, parseDelay } from "./delay.ts";
import { hosts, isHost, ownHost, ownHosts } from "./host.ts";

export interface Axis<Value extends number | string> {
  /** The name on the command line. */
  readonly flag: string;
  /** The flag's help text. */
  readonly describe: string;
  /** Used if nothing was typed, and for trials of a version that did not have the axis yet. */
  readonly default: Value;
  /** The valid values: a whole number in this range, or a name. */
  readonly range: Value extends number ? readonly [min: number, max: number] : null;
  /** A special reason to refuse what was typed as a number, and a valid choice. */
  refusal?(value: Value): string | null;
  /** The one form of a text that can be typed in several; `null` if it is not valid. */
  canonical?(text: string): string | null;
  readonly unit: "ms" | null;
  /** The title of a column. */
  readonly title: string;
  /** Whether to show it even if all trials have the same value: any, or only another one than the default. */
  readonly always: boolean | "unless-default";
  /** The meaning for readers of results. */
  readonly meaning: string;
  /** The value in a sentence; empty if it goes without saying. */
  text(value: Value): string;
}

/** The numbers of servers that an ensemble of the lab's own may have. */
export const serverCounts = [1, 3, 5] as const;

export const axes = {
  candidates: {
    flag: "candidates",
    describe: "how many candidates, with a session each; or a list: 10,50",
    default: 50,
    range: [2, 100_000],
    refusal: (count: number) => (count === 1 ? "there is nobody to fail over to; give 2 or more" : null),
    unit: null,
    title: "N",
    always: true,
    meaning:
      "N, the number of sessions, each in a thread or a process of its own unless `perThread` says otherwise. " +
      "They share one machine with an embedded server: a high N also measures that machine.",
    text: (count: number) => `${count} candidates`,
  },
  fault: {
    flag: "fault",
    describe:
      "what strikes, a list, or all that is possible; partition:for=3T has a parameter, script:./strike.ts is your own",
    default: "resign",
    range: null,
    unit: null,
    title: "fault",
    always: true,
    meaning:
      "What strikes, as in the README's table. Most faults unseat the leader; `follower` strikes a waiting " +
      "candidate, and then nobody new may lead. Parameters that were given are part of it, as in " +
      "`partition:for=3T`. `by-hand` (`yarn live`): somebody chose each strike; the history's strikes say which.",
    text: (name: string) => name,
  },
  sessionTimeoutMs: {
    flag: "session-timeout",
    describe: "milliseconds, or a list",
    default: 4000,
    // Any timeout that a ZooKeeper may be configured to grant, from two of the shortest ticks to an hour.
    range: [20, 3_600_000],
    unit: "ms",
    title: "timeout",
    always: false,
    meaning:
      "The timeout that was asked for; a warning says if the ensemble granted another. Only faults that " +
      "leave the session to expire, such as `freeze`, wait for it.",
    text: (ms: number) => `timeout ${ms} ms`,
  },
  delay: {
    flag: "delay",
    describe:
      "how long data takes between a candidate and its server, one way: 20ms, 20ms±5ms or none; or a list",
    default: NO_DELAY,
    range: null,
    canonical: (text: string) => {
      const delay = parseDelay(text);
      return delay && delayName(delay);
    },
    unit: null,
    title: "delay",
    always: "unless-default",
    meaning:
      "How long data takes between a candidate and its server, one way, such as `20ms` or `20ms±5ms`; `none` " +
      "for the machine's own network. A round trip takes twice as long.",
    text: (name: string) => (name === NO_DELAY ? "" : `delay ${name}`),
  },
  servers: {
    flag: "servers",
    describe: "how many servers the lab starts: 1, 3 or 5; or a list: 1,3",
    default: 1,
    range: [1, 5],
    refusal: (count: number) => {
      if (serverCounts.some((one) => one === count)) return null;
      const even = "an even number tolerates no more failures than one less; ";
      return `${count === 2 || count === 4 ? even : ""}give 1, 3 or 5`;
    },
    unit: null,
    title: "servers",
    always: "unless-default",
    meaning:
      "The number of ZooKeeper servers in the ensemble; with `--connect`, as many as it names. Several must " +
      "agree on each write, and candidates are spread over them.",
    text: (count: number) => (count === 1 ? "1 server" : `${count} servers`),
  },
  host: {
    flag: "host",
    describe: `what a candidate lives in: ${ownHosts.join(", ")}; or a list`,
    default: "thread",
    range: null,
    canonical: ownHost,
    unit: null,
    title: "in",
    always: "unless-default",
    meaning:
      "What each candidate lives in: a `thread` of the lab; a `process`; a `process-with-will`, whose session is " +
      "closed when the process is gone; or a `program` that was given with `--candidate`.",
    text: (name: string) => (isHost(name) ? hosts[name] : name),
  },
  perThread: {
    flag: "per-thread",
    describe:
      "how many candidates share a thread, for numbers that threads of their own do not permit; or a list",
    default: 1,
    range: [1, 100_000],
    unit: null,
    title: "per thread",
    always: "unless-default",
    meaning:
      "The number of sessions that share a thread, at most. They also share its event loop, so what one does " +
      "delays the others, and their figures hold for a service that keeps as many in a thread. They are dealt " +
      "to the threads in turn, so neighbours in the line mostly live in different ones.",
    text: (count: number) => (count === 1 ? "" : `${count} per thread`),
  },
  join: {
    flag: "join",
    describe:
      "how a candidate learns who is before it when it joins: by-list, or by-number (schemes that watch the one before); or a list",
    default: "by-list",
    range: null,
    unit: null,
    title: "joins",
    always: "unless-default",
    meaning:
      "How a candidate learns who is before it when it joins: `by-list` from the list of all, `by-number` from its own " +
      "number, with one small read. N that join by list read N²/2 names.",
    text: (name: string) => (name === "by-list" ? "" : `joining ${name}`),
  },
} as const satisfies Readonly<Record<string, Axis<number> | Axis<string>>>;

export type AxisName = keyof typeof axes;

type Value<Name extends AxisName> = Parameters<(typeof axes)[Name]["text"]>[0];

export const axisNames = Object.keys(axes) as AxisName[];

export const conditionShapes = Object.fromEntries(
  axisNames.map((name) => {
    const { range, meaning } = axes[name];
    return [name, range === null ? text(meaning) : whole(range[0], meaning)];
  }),
) as {
  [Name in AxisName]: Value<Name> extends number ? ReturnType<typeof whole> : ReturnType<typeof text>;
};

/** A trial's conditions, except its scheme. */
export type Conditions = { readonly [Name in AxisName]: Value<Name> };

/** The conditions of a trial that does not state them. */
export const defaultConditions = Object.fromEntries(
  axisNames.map((name) => [name, axes[name].default]),
) as unknown as Conditions;

/** Values that multiply: there is a trial for each combination. */
export type ConditionLists = { readonly [Name in AxisName]: readonly Conditions[Name][] };

export function isAxisName(text: string): text is AxisName {
  return Object.hasOwn(axes, text);
}

/** Only the conditions of an object that has them. */
export function conditionsOf(trial: Conditions): Conditions {
  return Object.fromEntries(axisNames.map((name) => [name, trial[name]])) as Conditions;
}

/** Conditions without some axes. Values may be of any type: a plan has a fault's code, not its name. */
type Rest<Name extends AxisName> = Readonly<Record<Exclude<AxisName, Name>, unknown>>;

/** @param but an axis that may differ */
export function sameConditions<Name extends AxisName = never>(
  one: Rest<Name>,
  other: Rest<Name>,
  but?: Name,
): boolean {
  const names = but === undefined ? axisNames : without(but);
  return (names as Exclude<AxisName, Name>[]).every((name) => one[name] === other[name]);
}

/**
 * Equal for trials under the same conditions.
 * @param but axes that may differ
 */
export function conditionKey(trial: Conditions, ...but: readonly AxisName[]): string {
  return JSON.stringify(without(...but).map((name) => trial[name]));
}

/**
 * The axes along which trials grow: the number of candidates, and that of those in a thread where it follows
 * from the first. Many have to share threads, so there it is no condition of its own.
 */
export function grownAxes(trials: readonly Pick<Conditions, "candidates" | "perThread">[]): AxisName[] {
  const perThread = new Map(trials.map((trial) => [trial.candidates, trial.perThread]));
  const follows = trials.every((trial) => perThread.get(trial.candidates) === trial.perThread);
  return follows ? ["candidates", "perThread"] : ["candidates"];
}

/** All combinations; those of the first axis change fastest. */
export function combinations<Lists extends Readonly<Record<AxisName, readonly unknown[]>>>(
  lists: Lists,
): { readonly [Name in AxisName]: Lists[Name][number] }[] {
  const all = axisNames.reduceRight<object[]>(
    (some, name) => some.flatMap((one) => lists[name].map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
  return all as { readonly [Name in AxisName]: Lists[Name][number] }[];
}

/** The axes to show for these trials: the usual ones, and those in which they differ. */
export function toldOf(trials: readonly Partial<Conditions>[]): AxisName[] {
  return axisNames.filter((name) => {
    const { always } = axes[name];
    if (always === "unless-default" && trials.some((trial) => isUnusual(trial, name))) return true;
    return always === true || several(trials, name);
  });
}

/** All axes, except those whose default goes without saying. */
export function spokenOf(trials: readonly Partial<Conditions>[]): AxisName[] {
  return axisNames.filter(
    (name) => axes[name].always !== "unless-default" || trials.some((trial) => isUnusual(trial, name)),
  );
}

function isUnusual(trial: Partial<Conditions>, name: AxisName): boolean {
  const standard = axes[name].default;
  return (trial[name] ?? standard) !== standard;
}

export function several(trials: readonly Partial<Conditions>[], name: AxisName): boolean {
  return new Set(trials.map((trial) => trial[name])).size > 1;
}

/** Each value as it reads in a sentence. */
export function conditionWords(trial: Conditions, told: readonly AxisName[] = spokenOf([trial])): string[] {
  return told
    .map((name) => (axes[name].text as (value: Conditions[AxisName]) => string)(trial[name]))
    .filter((words) => words !== "");
}

/** "50 candidates, freeze, timeout 2000 ms" */
export function conditionText(trial: Conditions, told?: readonly AxisName[]): string {
  return conditionWords(trial, told).join(", ");
}

/** "predecessor, 50 candidates, freeze"; by default, as if there were no other trial. */
export function trialText(
  trial: Conditions & { readonly scheme: string },
  told: readonly AxisName[] = toldOf([trial]),
): string {
  return `${trial.scheme}, ${conditionText(trial, told)}`;
}

function without(...but: readonly AxisName[]): AxisName[] {
  return axisNames.filter((name) => !but.includes(name));
}

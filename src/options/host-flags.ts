/** Parses what candidates live in: threads, processes, or a program of the user's own. */
import type { Scheme } from "../election/scheme.ts";
import { schemeNames } from "../election/schemes.ts";
import { axes } from "../history/conditions.ts";
import { type Host, ownHosts } from "../history/host.ts";
import { LabError } from "../lab-error.ts";
import type { Flag, Values } from "./flags.ts";
import type { PlannedScheme } from "./groups.ts";
import { list, quoted } from "./values.ts";

const { flag, canonical } = axes.host;

export const hostFlags = {
  "candidate-process": {
    group: "Experiment:",
    switch: true,
    describe: `each candidate is a process, not a thread; the same as --${flag} process`,
  },
  will: {
    group: "Experiment:",
    switch: true,
    describe: `and when its process is gone, its session ends at once; the same as --${flag} process-with-will`,
  },
  candidate: {
    group: "Experiment:",
    describe:
      "a program that is each candidate, in any language: 'COMMAND', or 'NAME=COMMAND'; see docs/candidate-protocol.md",
  },
} as const satisfies Record<string, Flag>;

export type HostValues = Partial<Values<typeof hostFlags>>;

/** @param text the value of `--host` */
export function hostList(text: string, values: HostValues): Host[] {
  const { "candidate-process": inProcess = false, will = false, candidate } = values;
  const [first, second] = [
    ...(candidate === undefined ? [] : [["candidate", "program"] as const]),
    ...(will ? [["will", "process-with-will"] as const] : []),
    ...(inProcess && !will ? [["candidate-process", "process"] as const] : []),
  ];
  if (first !== undefined && second !== undefined)
    throw new LabError(
      "usage",
      `--${first[0]} and --${second[0]} both say what candidates are; leave one out`,
    );
  if (first !== undefined) return [first[1]];
  return list(`--${flag}`, text, (word) => {
    const host = canonical(word);
    if (host !== null) return host;
    throw new LabError("usage", `--${flag} ${quoted(word)}: choose from ${ownHosts.join(", ")}`);
  });
}

/** What a program watches is its own affair, so nothing is expected of it. */
function schemeOfProgram(name: string): Scheme {
  const unknown = () => {
    throw new Error(`the scheme of ${name} is not known`);
  };
  return { name, watchesChildren: false, isOpaque: true, notifications: unknown, decide: unknown };
}

/** @throws {LabError} `usage` */
export function programOf(text: string): PlannedScheme {
  const [, name, command = ""] = /^(?:([\w.-]+)=(?=\S))?\s*(\S.*)$/s.exec(text.trim()) ?? [];
  const refuse = (what: string) => new LabError("usage", `--candidate ${quoted(text)}: ${what}`);
  if (/^\d+$/.test(text.trim()))
    throw refuse(`it takes a command; for a number of candidates give --candidates ${text.trim()}`);
  if (command === "") throw refuse("give a command, such as 'python3 candidate.py'");
  const title = name ?? /[\w.-]+(?=\s|$)/.exec(command)?.[0] ?? "program";
  if (schemeNames.some((one) => one === title))
    throw refuse(`${title} is the name of a scheme; give it another one: NAME=COMMAND`);
  return { scheme: schemeOfProgram(title), source: { command } };
}

/** Parses a command line into values, with yargs, and strictly. Help and version come back as text. */
import yargs, { type Options } from "yargs";
import { asTyped, version } from "../installation.ts";
import { LabError } from "../lab-error.ts";
import { advice, nearest } from "./nearest.ts";
import { quoted } from "./values.ts";

/** The person asked for information, not for work: this is the text to print. */
export interface Words {
  readonly type: "words";
  readonly words: string;
}
/**
 * A flag's value and help text. Without a default it may be left out; a switch takes no value, a flag that
 * repeats may be given any number of times, and the value of one with dashes may begin with one.
 */
export interface Flag {
  readonly group: string;
  readonly describe: string;
  readonly default?: string;
  readonly switch?: true;
  readonly repeats?: true;
  readonly dashes?: true;
}
/** The parsed values: a switch is on or off, everything else is the typed text. */
export type Values<Flags extends Record<string, Flag>> = {
  readonly [Name in keyof Flags]: Flags[Name] extends { switch: true }
    ? boolean
    : Flags[Name] extends { repeats: true }
      ? readonly string[]
      : Flags[Name] extends { default: string }
        ? string
        : string | undefined;
};

/** Names under a heading, with a line about each. */
export interface Choices {
  readonly heading: string;
  readonly names: readonly (readonly [name: string, meaning: string])[];
}

interface Syntax<Flags> {
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  /** The meaning of words without a flag, if the command takes any. */
  readonly operands?: string;
  /** Lists of names that a flag takes, shown after the options. */
  readonly choices?: readonly Choices[];
}

interface Parsed<Flags extends Record<string, Flag>> {
  readonly type: "values";
  readonly values: Values<Flags>;
  /** The names of the flags that were typed. */
  readonly given: ReadonlySet<string>;
  readonly operands: readonly string[];
}

const HELP = "-h";

/**
 * Parses the arguments of one command; help and version come back as text.
 * @param line the command as typed in a clone, such as `yarn lab`
 */
export async function parse<const Flags extends Record<string, Flag>>(
  line: string,
  description: string,
  { args: typedArgs, flags, examples, operands, choices = [] }: Syntax<Flags>,
): Promise<Words | Parsed<Flags>> {
  const args = withValues(typedArgs, flags);
  const command = asTyped(line);
  const refuse = (what: string) => new LabError("usage", `${what}; see ${command} --help`);
  const given = new Set(args.flatMap((arg) => /^--([^=]+)/.exec(arg)?.[1] ?? []));
  const known = ["help", "version", ...Object.keys(flags)];
  const unknown =
    [...given].filter((name) => !known.includes(name)).map((name) => `--${name}`)[0] ??
    args.find((arg) => /^-[a-z]/i.test(arg) && arg !== HELP);
  if (unknown !== undefined && !given.has("help") && !args.includes(HELP)) {
    const meant = nearest(unknown.replace(/^-+/, "").replace(/=.*$/s, ""), known);
    const name = meant === undefined ? undefined : `--${meant}`;
    throw new LabError("usage", `${unknown}: unknown option${advice(name, `${command} --help`)}`);
  }

  const table = Object.entries(flags).map(([name, { group, describe, default: value, switch: isSwitch }]) => {
    const option: Options = isSwitch
      ? { group, describe, boolean: true }
      : { group, describe, requiresArg: true, ...(value && { default: value, defaultDescription: value }) };
    return [name, option] as const;
  });
  const parser = yargs([...args])
    .scriptName(command)
    .usage(`${description}\n\n  ${command} [options]${operands === undefined ? "" : ` ${operands}`}`)
    .options(Object.fromEntries(table))
    .epilogue(
      [
        ...choices.flatMap(({ heading, names }) => [`${heading}:`, ...inColumns(names), ""]),
        "Examples:",
        ...examples.map(([typed, meaning]) => `  ${asTyped(typed)}\n      ${meaning}`),
      ].join("\n"),
    )
    .version(version)
    .help()
    .alias("help", HELP.slice(1))
    .group(["help", "version"], "Other:")
    // With custom strings yargs does not ask the system for its language: everything is in English.
    .updateStrings({
      "Show help": "print this",
      "Show version number": "print the lab's version",
      "Not enough arguments following: %s": "--%s: a value is missing",
    })
    .wrap(Math.min(80, process.stdout.columns ?? 80))
    .parserConfiguration({
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "boolean-negation": false,
      "short-option-groups": false,
    })
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw refuse(message ?? error?.message ?? "these words make no sense");
    });
  let words = "";
  const typed = await parser.parseAsync([...args], {}, (_error, _argv, output) => {
    words = output;
  });
  if (words !== "") return { type: "words", words };

  const { _: positional, $0: _program, help: _help, h: _h, version: _version, ...values } = typed;
  const [stray] = positional;
  if (stray !== undefined && operands === undefined)
    throw refuse(`${quoted(String(stray))}: only options are expected here`);
  for (const [name, value] of Object.entries(values)) {
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (flag === undefined) throw refuse(`-${name}: unknown option`);
    if (Array.isArray(value) && !flag.repeats) throw refuse(`--${name} is given twice`);
    if ([value].flat().includes("")) throw refuse(`--${name}: a value is missing`);
    if (flag.switch && args.some((arg) => arg.startsWith(`--${name}=`))) {
      throw refuse(`--${name} takes no value`);
    }
  }
  for (const [name, flag] of Object.entries(flags)) {
    if (flag.switch) values[name] ??= false;
    if (flag.repeats) values[name] = [values[name] ?? []].flat();
  }
  return { type: "values", values: values as Values<Flags>, given, operands: positional.map(String) };
}

function inColumns(names: Choices["names"]): string[] {
  const width = Math.max(...names.map(([name]) => name.length));
  return names.map(([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}`);
}

/** Joins a value that may begin with a dash to its flag, so that it is not taken for a flag itself. */
function withValues(args: readonly string[], flags: Readonly<Record<string, Flag>>): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1) ?? "";
    if (before.startsWith("--") && flags[before.slice(2)]?.dashes) joined[joined.length - 1] += `=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

/** Parses the values of flags strictly: nothing is rounded, cut or guessed. */
import { LabError } from "../lab-error.ts";
import { isZnodeName } from "../zookeeper/znode-name.ts";

export function list<Value>(flag: string, text: string, read: (part: string) => Value): Value[] {
  const values: Value[] = [];
  for (const part of text.split(",").map((part) => part.trim())) {
    if (part === "")
      throw new LabError("usage", `${flag} ${quoted(text)}: a value is missing beside a comma`);
    const value = read(part);
    if (values.includes(value)) {
      throw new LabError("usage", `${flag} ${quoted(text)}: ${part} is in the list twice; leave one out`);
    }
    values.push(value);
  }
  return values;
}

export function wholeNumber(flag: string, text: string, min: number, max: number, unit = ""): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < min || value > max) {
    const range = `${min} to ${max} ${unit}`.trimEnd();
    throw new LabError("usage", `${flag} ${quoted(text)}: give a whole number from ${range}`);
  }
  return value;
}

/** Parses seconds or minutes into milliseconds. */
export function duration(flag: string, text: string): number {
  const [, number, unit] = /^(\d{1,6})(s|m)$/.exec(text) ?? [];
  const ms = Number(number) * (unit === "m" ? 60_000 : 1000);
  if (ms > 0) return ms;
  throw new LabError("usage", `${flag} ${quoted(text)}: give seconds or minutes, such as 60s or 5m`);
}

export function oneOf<Name extends string>(flag: string, names: readonly Name[]): (text: string) => Name {
  return (text) => {
    const name = names.find((known) => known === text);
    if (name === undefined)
      throw new LabError("usage", `${flag} ${quoted(text)}: choose from ${names.join(", ")}`);
    return name;
  };
}

/** A word for all names of a list. */
export const ALL = "all";

export function znodeName(flag: string, text: string): string {
  if (isZnodeName(text)) return text;
  throw new LabError("usage", `${flag} ${quoted(text)}: a znode cannot have this name; try: election`);
}

export function znodePath(flag: string, text: string): string {
  const path = text.startsWith("/") ? text : `/${text}`;
  if (path.slice(1).split("/").every(isZnodeName)) return path;
  throw new LabError("usage", `${flag} ${quoted(text)}: a znode cannot have this path; try: /candidates`);
}

/** An output file; any name of stdout becomes `-`. */
export function targetFile(text: string | undefined): string | undefined {
  return text === "/dev/stdout" || text === "/dev/fd/1" ? "-" : text;
}

/** The text as a person would have to type it; characters that would disturb a terminal are made visible. */
export function quoted(text: string): string {
  return /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(text) ? text : JSON.stringify(text);
}

/** Parses the seed of a random order. */
export function seedNumber(text: string): number {
  return wholeNumber("--seed", text, 0, 2 ** 31 - 1);
}

/** Works like {@link seedNumber}; gives a fresh seed by default. */
export function seedOrFresh(text: string | undefined): number {
  return text === undefined ? Date.now() % 2 ** 31 : seedNumber(text);
}

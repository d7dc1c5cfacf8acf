/**
 * Ensures that no output overwrites another output or an input: files are compared by identity, not by name.
 */
import { type BigIntStats, fstatSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { LabError } from "../lab-error.ts";

export interface NamedFile {
  /** The name that a person uses: a flag, with or without its value. */
  readonly name: string;
  /** `-` is stdout. */
  readonly path: string;
}

/**
 * @param outputs in the order in which they were requested: the later one of two is refused
 * @throws {LabError} `usage`
 */
export async function checkSeparate(
  outputs: readonly NamedFile[],
  inputs: readonly NamedFile[],
): Promise<void> {
  const taken = new Map<string, string>();
  for (const { name, path } of inputs) {
    const identity = await identityOf(path);
    if (identity !== undefined) taken.set(identity, `${name} is read from there`);
  }
  for (const { name, path } of outputs) {
    const identity = await identityOf(path);
    if (identity === undefined) continue;
    const other = taken.get(identity);
    if (other !== undefined) throw new LabError("usage", `${name} ${path}: ${other}; name another file`);
    taken.set(identity, `${name} goes there as well`);
  }
}

/**
 * Equal for two names of one file. `undefined` if nothing can be overwritten: on a terminal, or in /dev/null.
 */
async function identityOf(path: string): Promise<string | undefined> {
  const found = await (path === "-" ? stdout() : stat(path, { bigint: true }).catch(() => undefined));
  if (found !== undefined) return found.isCharacterDevice() ? undefined : `${found.dev}:${found.ino}`;
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return join(folder, basename(path));
}

function stdout(): BigIntStats {
  return fstatSync(1, { bigint: true });
}

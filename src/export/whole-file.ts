/** Replaces files so that a reader always sees a whole one: the old one or the new one. */
import { access, constants, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Replaces a file, or creates it; a link's target, if it is a link. If that fails the old file is unchanged,
 * and nothing is left beside it.
 * @param fill writes the new one, under the given name
 */
export async function replaceFile(file: string, fill: (fresh: string) => Promise<void>): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const fresh = freshFor(target);
  try {
    await fill(fresh);
    await rename(fresh, target);
  } catch (error) {
    await remove(fresh);
    throw error;
  }
}

/**
 * Checks that it could be replaced.
 * @throws the system's error
 */
export async function probeFile(file: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  await access(dirname(target), constants.W_OK);
  const fresh = freshFor(target);
  try {
    // Even a full disk takes an empty file.
    await writeFile(fresh, "x".repeat(4096), { flag: "wx" });
  } finally {
    await remove(fresh);
  }
}

/** Never hides the error because of which it has to go. */
async function remove(fresh: string): Promise<void> {
  await rm(fresh, { force: true }).catch(() => undefined);
}

function freshFor(target: string): string {
  return `${target}.${process.pid}.new`;
}

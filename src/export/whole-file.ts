/** Files that a reader finds whole: the old one or the new one. */
import { access, constants, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Replaces a file, or makes it; through a link, what it leads to. When that fails the old one is
 * as it was, and nothing is left beside it.
 * @param fill writes the new one, under the name that it is given
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

/** Whether it could be replaced. @throws what the system says */
export async function probeFile(file: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  await access(dirname(target), constants.W_OK);
  const fresh = freshFor(target);
  try {
    // A full disk takes an empty file.
    await writeFile(fresh, "x".repeat(4096), { flag: "wx" });
  } finally {
    await remove(fresh);
  }
}

/** Never hides why it has to go. */
async function remove(fresh: string): Promise<void> {
  await rm(fresh, { force: true }).catch(() => undefined);
}

function freshFor(target: string): string {
  return `${target}.${process.pid}.new`;
}

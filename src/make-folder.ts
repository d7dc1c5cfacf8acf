/** Makes a folder, and those above it. */
import { mkdir, rmdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { codeOf } from "./thrown.ts";

/**
 * Works like a recursive `mkdir`, which never ends if an existing folder refuses one with `ENOENT`, as /proc
 * does (Node 20). If it fails, nothing is left.
 * @returns the outermost folder that was made
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  const missing: string[] = [];
  for (let at = resolve(path); await isMissing(at); at = dirname(at)) missing.unshift(at);
  const made: string[] = [];
  try {
    for (const folder of missing) if (await make(folder)) made.push(folder);
    // There may be a file of that name.
    await stat(`${path}/`);
  } catch (error) {
    for (const folder of made.reverse()) await rmdir(folder).catch(() => undefined);
    throw error;
  }
  return made[0];
}

/** @returns whether it was missing: somebody else may make it at this moment */
async function make(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function isMissing(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return true;
    throw error;
  }
}

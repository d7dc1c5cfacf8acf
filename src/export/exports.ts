/** Where an export goes: to stdout or, as a whole, to a file. */
import { access, constants, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { LabError } from "../lab-error.ts";

/**
 * @param target a file, or `-` for stdout
 * @param flag what the target was named with, for the message
 * @throws {LabError} `usage` when the file cannot be written; an old one is then as it was
 */
export async function exportTo(target: string, text: string, flag: string): Promise<void> {
  if (target === "-") return toStdout(text);
  await toFile(target, text).catch((cause) => refuse(target, flag, cause));
}

/**
 * For before the work whose outcome is to be written: a folder that is not there is not found out after an hour.
 * @throws {LabError} `usage`
 */
export async function checkTarget(target: string, flag: string): Promise<void> {
  if (target === "-") return;
  const found = await stat(target).catch(() => undefined);
  if (found?.isDirectory()) refuse(target, flag, new Error("it is a folder"));
  await access(dirname(target), constants.W_OK).catch((cause) => refuse(target, flag, cause));
}

function refuse(target: string, flag: string, cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new LabError("usage", `${flag} ${target}: cannot be written to (${reason}); name another file`, {
    cause,
  });
}

function toStdout(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

async function toFile(target: string, text: string): Promise<void> {
  const found = await stat(target).catch(() => undefined);
  // A device or a pipe is written to, never replaced.
  if (found !== undefined && !found.isFile()) return writeFile(target, text);
  // Through a link, what it leads to is replaced.
  const file = found === undefined ? target : await realpath(target);
  const beside = `${file}.${process.pid}.new`;
  try {
    await writeFile(beside, text);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

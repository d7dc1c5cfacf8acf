/** Writes an export to stdout or, as a whole, to a file. */
import { access, constants, stat, writeFile } from "node:fs/promises";
import { write } from "../output.ts";
import { codeOf } from "../thrown.ts";
import { lost, unwritable } from "../unwritable.ts";
import { probeFile, replaceFile } from "./whole-file.ts";

/**
 * @param target a file, or `-` for stdout
 * @param flag the flag that named the target, for the message
 * @param next what a person can do about it
 * @throws {LabError} `io` when the file cannot be written; an old one is then unchanged
 */
export async function exportTo(
  target: string,
  text: string,
  flag: string,
  next = "name another file",
): Promise<void> {
  if (target === "-") return write(text);
  const isSpecial = await isDeviceOrPipe(target);
  const writing = isSpecial ? toDevice(target, text) : replaceFile(target, (fresh) => writeFile(fresh, text));
  await writing.catch((cause) => {
    throw lost(`${flag} ${target}`, cause, next);
  });
}

/**
 * Used before the work whose outcome is to be written, so that an unwritable target is not found after an hour.
 * @throws {LabError} `usage`, or `io` when the disk is full
 */
export async function checkTarget(target: string, flag: string, next = "name another file"): Promise<void> {
  if (target === "-") return;
  await probe(target).catch((cause) => {
    throw unwritable(`${flag} ${target}`, cause, next);
  });
}

async function probe(target: string): Promise<void> {
  if ((await stat(target).catch(() => undefined))?.isDirectory()) throw new Error("it is a folder");
  if (await isDeviceOrPipe(target)) await access(target, constants.W_OK);
  else await probeFile(target);
}

/** It is written to, never replaced. */
async function isDeviceOrPipe(target: string): Promise<boolean> {
  const found = await stat(target).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

async function toDevice(target: string, text: string): Promise<void> {
  await writeFile(target, text).catch((error) => {
    // A reader that has gone has seen enough.
    if (codeOf(error) !== "EPIPE") throw error;
  });
}

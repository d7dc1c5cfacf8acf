/**
 * Writes a history's file (file-line.ts), a gzip member at a time: each is written completely or not at all, so
 * a run that is killed, or runs out of space, keeps what it had written.
 */
import { appendFile, stat, truncate } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type FileLine, HISTORY_SCHEMA } from "./file-line.ts";
import type { TrialHeader } from "./header.ts";
import type { Ending, History } from "./history.ts";
import { chronicleOf, type Told } from "./told.ts";

/** The maximum number of events packed together: some hundred kilobytes, and some ten milliseconds. */
const CHUNK = 10_000;

/** A trial begins. Anything in the file from an earlier try does not count. */
export async function writeHeader(file: string, header: TrialHeader): Promise<void> {
  const isNew = (await sizeOf(file)) === 0;
  await append(file, [...(isNew ? [{ schema: HISTORY_SCHEMA }] : []), { trial: header.trial, header }]);
}

/** Appends the next strikes and events. */
export async function writeTold(file: string, trial: number, told: Iterable<Told>): Promise<void> {
  let lines: FileLine[] = [];
  for (const one of told) {
    lines.push(one);
    if (lines.length < CHUNK) continue;
    await append(file, [{ trial }, ...lines]);
    lines = [];
  }
  if (lines.length > 0) await append(file, [{ trial }, ...lines]);
}

/** The trial is over, and complete from now on. */
export async function writeEnding(
  file: string,
  trial: number,
  { remains, observations }: Ending,
): Promise<void> {
  await append(file, [{ trial, end: { remains, observations } }]);
}

/** Appends a whole trial, or nothing, to the file, which is created if necessary. */
export async function appendHistory(file: string, history: History): Promise<void> {
  const { trial } = history.header;
  await wholeOrNot(file, async () => {
    await writeHeader(file, history.header);
    await writeTold(file, trial, chronicleOf(history));
    await writeEnding(file, trial, history);
  });
}

function append(file: string, lines: readonly FileLine[]): Promise<void> {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  return wholeOrNot(file, async () => appendFile(file, await promisify(gzip)(text)));
}

async function wholeOrNot(file: string, write: () => Promise<void>): Promise<void> {
  const before = await sizeOf(file);
  try {
    await write();
  } catch (error) {
    await truncate(file, before).catch(() => undefined);
    throw error;
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

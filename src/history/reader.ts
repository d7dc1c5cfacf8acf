/**
 * Reads a history's file (file-line.ts), of this version or an earlier one, as a stream: only what the caller
 * keeps stays in memory.
 */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { constants, createGunzip } from "node:zlib";
import { defaultConditions } from "./conditions.ts";
import { EarlierFile, type EarlierLine } from "./earlier-history.ts";
import { type FileLine, HISTORY_SCHEMA } from "./file-line.ts";
import type { TrialHeader } from "./header.ts";
import type { Ending, History } from "./history.ts";
import { HistorySoFar } from "./history-so-far.ts";
import { type Told, tell } from "./told.ts";

/** The next part of a file. */
export type Part =
  | { readonly trial: number; readonly header: TrialHeader }
  | { readonly trial: number; readonly told: readonly Told[] }
  | { readonly trial: number; readonly end: Ending };

/**
 * Everything in the file, up to where writing was cut off because the run was killed or the disk was full.
 * @throws when it is not a history, is damaged, or was written by a later version
 */
export async function* readParts(file: string): AsyncGenerator<Part> {
  let trial: number | undefined;
  let told: Told[] = [];
  for await (const lines of fileLinesOf(file)) {
    for (const line of lines) {
      if (trial !== undefined && ("strike" in line || "event" in line)) {
        told.push(line);
        continue;
      }
      if (!("trial" in line)) throw new Error(`${file} does not begin with a trial's header`);
      if (trial !== undefined && told.length > 0) yield { trial, told };
      told = [];
      trial = line.trial;
      // Earlier versions lack some conditions.
      if ("header" in line) yield { trial, header: { ...defaultConditions, ...line.header } };
      else if ("end" in line) yield { trial, end: completeEnding(line.end) };
    }
    if (trial !== undefined && told.length > 0) yield { trial, told };
    told = [];
  }
}

/**
 * The complete trials, in the order in which they ended.
 * @throws as {@link readParts}, and when there is no complete trial
 */
export async function* readTrials(file: string): AsyncGenerator<History> {
  const open = new Map<number, HistorySoFar>();
  let none = true;
  for await (const part of readParts(file)) {
    const { trial } = part;
    if ("header" in part) {
      open.set(trial, new HistorySoFar(part.header));
      continue;
    }
    const history = open.get(trial);
    if (history === undefined) throw new Error(`${file} mentions trial ${trial}, which has not begun`);
    if ("told" in part) {
      tell(part.told, history);
      continue;
    }
    open.delete(trial);
    none = false;
    yield history.ended(part.end);
  }
  if (none) throw new Error(`${file} is cut off before the end of its first trial`);
}

/** @throws as {@link readTrials} */
export async function readHistories(file: string): Promise<History[]> {
  const histories: History[] = [];
  for await (const history of readTrials(file)) histories.push(history);
  return histories;
}

/** Up to 0.6.0 nobody noted the servers' roles. */
function completeEnding({ remains, observations }: Ending): Ending {
  return { remains, observations: observations && { ...observations, roles: observations.roles ?? [] } };
}

/** Lines in this version's form, without the first one. */
async function* fileLinesOf(file: string): AsyncGenerator<FileLine[]> {
  const pieces = textsOf(file);
  const first = (await pieces.next()).value?.map(parsed) ?? [];
  const [{ schema = undefined } = {}] = first;
  if (schema === undefined) {
    const earlier = new EarlierFile();
    yield first.flatMap((line: EarlierLine) => [...earlier.lines(line)]);
    for await (const texts of pieces) yield texts.flatMap((text) => [...earlier.lines(parsed(text))]);
    yield [...earlier.rest()];
    return;
  }
  if (schema !== HISTORY_SCHEMA)
    throw new Error(`${file}: its schema is ${schema}, and this version reads ${HISTORY_SCHEMA}`);
  yield first.slice(1);
  for await (const texts of pieces) yield texts.map(parsed);
}

/** @returns data that a lab has written */
function parsed(text: string) {
  return JSON.parse(text);
}

/** Whole lines, as many as are available at a time. */
async function* textsOf(file: string): AsyncGenerator<string[]> {
  // If the file is cut off, the available part is read.
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 2 ** 16 });
  // It fails in the same way as the reading below.
  pipeline(createReadStream(file), gunzip).catch(() => undefined);
  let rest = "";
  for await (const text of gunzip.setEncoding("utf8")) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    if (lines.length > 0) yield lines;
  }
}

/**
 * A history is all that checkers and metrics see of a trial: what was tried, what happened, what remained.
 * As a file it is gzipped JSON Lines, one gzip member a trial, so that a run can grow trial by trial.
 */
import { appendFile, readFile, stat, truncate } from "node:fs/promises";
import { constants, crc32, gunzipSync, gzipSync } from "node:zlib";
import { codeOf } from "../thrown.ts";
import {
  completeEvent,
  completeHeader,
  completeObservations,
  type EarlierEvent,
  type EarlierHeader,
  type EarlierObservations,
  earlierStrikes,
  isEarlier,
} from "./earlier-history.ts";
import type { Event } from "./event.ts";
import type { TrialHeader } from "./header.ts";
import type { Observations } from "./observations.ts";
import type { Strike } from "./strike.ts";

/** What a trial left behind after all its candidates had left; `null` where it could not be looked at. */
export interface Remains {
  readonly znodes: number | null;
  readonly watches: number | null;
  readonly files: number | null;
  readonly processes: number | null;
}

export interface History {
  readonly header: TrialHeader;
  /** In the order of time. */
  readonly strikes: readonly Strike[];
  /** In the order of time. */
  readonly events: readonly Event[];
  readonly remains: Remains | null;
  readonly observations: Observations | null;
}

type Line =
  | { header: TrialHeader | EarlierHeader }
  | { strike: Strike }
  | { event: EarlierEvent }
  | { remains: Remains }
  | { observations: EarlierObservations };

/** Appends one trial to the file, which is made if need be; as a whole, or not at all. */
export async function appendHistory(file: string, history: History): Promise<void> {
  const lines: Line[] = [
    { header: history.header },
    ...history.strikes.map((strike) => ({ strike })),
    ...history.events.map((event) => ({ event })),
  ];
  if (history.remains !== null) lines.push({ remains: history.remains });
  if (history.observations !== null) lines.push({ observations: history.observations });
  const before = (await stat(file).catch(() => undefined))?.size ?? 0;
  try {
    await appendFile(file, gzipSync(`${lines.map((line) => JSON.stringify(line)).join("\n")}\n`));
  } catch (error) {
    await truncate(file, before).catch(() => undefined);
    throw error;
  }
}

/**
 * Reads back the trials of a file that {@link appendHistory} wrote. Where writing was cut off, because the
 * run was killed or the disk was full, the last trial is left out.
 * @throws when there is not one whole trial
 */
export async function readHistories(file: string): Promise<History[]> {
  const histories: {
    saved: TrialHeader | EarlierHeader;
    strikes: Strike[];
    events: Event[];
    remains: Remains | null;
    observations: Observations | null;
  }[] = [];
  for (const text of wholeTrials(await readFile(file)).split("\n")) {
    if (text === "") continue;
    const line = JSON.parse(text) as Line;
    if ("header" in line)
      histories.push({ saved: line.header, strikes: [], events: [], remains: null, observations: null });
    const current = histories.at(-1);
    if (current === undefined) throw new Error(`${file} does not begin with a trial's header`);
    if ("strike" in line) current.strikes.push(line.strike);
    if ("event" in line) current.events.push(completeEvent(line.event));
    if ("remains" in line) current.remains = line.remains;
    if ("observations" in line) current.observations = completeObservations(line.observations);
  }
  if (histories.length === 0) throw new Error(`${file} is cut off before the end of its first trial`);
  return histories.map(({ saved, strikes, ...rest }) => ({
    header: completeHeader(saved),
    strikes: isEarlier(saved) ? earlierStrikes(saved, rest.events) : strikes,
    ...rest,
  }));
}

function wholeTrials(bytes: Buffer): string {
  try {
    return gunzipSync(bytes).toString("utf8");
  } catch (error) {
    const cutOff = codeOf(error) === "Z_BUF_ERROR";
    if (!cutOff) throw error;
  }
  const cut = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString("utf8");
  const lines = cut.slice(0, cut.lastIndexOf("\n") + 1);
  // The cut may have left next to nothing of the next trial: then the last one that is there is whole.
  const last = lines.lastIndexOf('\n{"header":') + 1;
  return bytes.includes(gzipTrailer(lines.slice(last))) ? lines : lines.slice(0, last);
}

/** What gzip writes after a text: its checksum and its length. */
function gzipTrailer(text: string): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(text), 0);
  trailer.writeUInt32LE(Buffer.byteLength(text) % 2 ** 32, 4);
  return trailer;
}

/**
 * A history is all that checkers and metrics see of a trial: what was tried, what happened, what remained.
 * As a file it is gzipped JSON Lines, one gzip member a trial, so that a run can grow trial by trial.
 */
import { appendFile, readFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Event } from "./event.ts";

/** What was tried. Times in milliseconds. */
export interface TrialHeader {
  /** 1 for the first trial of a run. */
  readonly trial: number;
  readonly scheme: string;
  readonly candidates: number;
  readonly fault: string;
  readonly failovers: number;
  /** As negotiated with the ensemble. */
  readonly sessionTimeoutMs: number;
  /** Whether the fault unseats the leader, so that another candidate must lead. */
  readonly unseatsLeader: boolean;
  /** From the fault on, a new leader must lead within this time. */
  readonly boundMs: number;
  /** Watch notifications that one failover must cause, by the scheme's own rule. */
  readonly expectedNotifications: number;
}

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
  readonly events: readonly Event[];
  readonly remains: Remains | null;
}

type Line = { header: TrialHeader } | { event: Event } | { remains: Remains };

/** Appends one trial to the file, which is made if need be. */
export async function appendHistory(file: string, history: History): Promise<void> {
  const lines: Line[] = [{ header: history.header }, ...history.events.map((event) => ({ event }))];
  if (history.remains !== null) lines.push({ remains: history.remains });
  await appendFile(file, gzipSync(`${lines.map((line) => JSON.stringify(line)).join("\n")}\n`));
}

/** Reads back every trial of a file that {@link appendHistory} wrote. */
export async function readHistories(file: string): Promise<History[]> {
  const histories: { header: TrialHeader; events: Event[]; remains: Remains | null }[] = [];
  for (const text of gunzipSync(await readFile(file))
    .toString("utf8")
    .split("\n")) {
    if (text === "") continue;
    const line = JSON.parse(text) as Line;
    if ("header" in line) histories.push({ header: line.header, events: [], remains: null });
    const current = histories.at(-1);
    if (current === undefined) throw new Error(`${file} does not begin with a trial's header`);
    if ("event" in line) current.events.push(line.event);
    if ("remains" in line) current.remains = line.remains;
  }
  return histories;
}

/**
 * Packs histories into few bytes, for a page that contains them: column by column, each number as its
 * difference from a previous one (a time from the same candidate's last, a value from the same kind's last), in
 * as many bytes as it needs. Nothing is rounded: unpacking restores exactly what was packed. Designed to be
 * compressed with gzip afterwards.
 */

import { type EventColumns, emptyColumns, valueCounts } from "../history/columns.ts";
import type { TrialHeader } from "../history/header.ts";
import type { RolesSeen } from "../history/own-servers.ts";
import type { Strike } from "../history/strike.ts";
import { ByteReader, ByteWriter } from "./packed-numbers.ts";

/** One trial's events: those that a page holds, and how many more the file of the history holds. */
export interface TrialEvents {
  readonly header: TrialHeader;
  readonly strikes: readonly Strike[];
  /** Noted of several servers of the run's own. */
  readonly roles: readonly RolesSeen[];
  readonly columns: EventColumns;
  /** The number of events that are not in the columns, because the page would have become too large. */
  readonly leftOut: number;
}

interface Contents extends Omit<TrialEvents, "columns"> {
  readonly events: number;
  readonly bytes: number;
}

/** A table of contents as JSON, preceded by its length, and then the trials one after the other. */
export function pack(trials: readonly TrialEvents[]): Uint8Array {
  const bodies = trials.map(({ columns }) => packColumns(columns));
  const contents: Contents[] = trials.map(({ columns, ...trial }, index) => ({
    ...trial,
    events: columns.length,
    bytes: bodies[index]?.length ?? 0,
  }));
  const json = new TextEncoder().encode(JSON.stringify(contents));
  const writer = new ByteWriter();
  writer.signed(json.length);
  writer.bytes(json);
  for (const body of bodies) writer.bytes(body);
  return writer.written();
}

/** A trial whose events are unpacked on demand. */
export interface PackedTrial extends Omit<TrialEvents, "columns"> {
  readonly events: number;
  columns(): EventColumns;
}

export function unpack(bytes: Uint8Array): PackedTrial[] {
  const reader = new ByteReader(bytes);
  const json = new TextDecoder().decode(reader.bytes(reader.signed()));
  return (JSON.parse(json) as Contents[]).map(({ bytes: length, ...trial }) => {
    const body = reader.bytes(length);
    return { ...trial, columns: () => unpackColumns(body, trial.events) };
  });
}

/** Both directions share this walk over all numbers of the columns, so that they cannot differ. */
function walk(columns: EventColumns, next: (value: number, before: number) => number): void {
  const { length, at, kind, candidate, values } = columns;
  for (let i = 0; i < length; i++) kind[i] = next(kind[i] ?? 0, 0);
  for (let i = 0; i < length; i++) candidate[i] = next(candidate[i] ?? 0, 0);
  // Times take two steps: the gap to the event before, which is never negative.
  for (let i = 0, before = 0; i < length; i++) {
    before = next(at[i] ?? 0, before);
    at[i] = before;
  }
  values.forEach((column, place) => {
    const before = new Float64Array(256);
    for (let i = 0; i < length; i++) {
      const code = kind[i] ?? 0;
      if ((valueCounts[code] ?? 0) <= place) continue;
      const value = next(column[i] ?? 0, before[code] ?? 0);
      column[i] = value;
      before[code] = value;
    }
  });
}

function packColumns(columns: EventColumns): Uint8Array {
  const writer = new ByteWriter();
  walk(columns, (value, before) => {
    writer.signed(value - before);
    return value;
  });
  return writer.written();
}

function unpackColumns(bytes: Uint8Array, length: number): EventColumns {
  const columns = emptyColumns(length);
  const reader = new ByteReader(bytes);
  walk(columns, (_, before) => before + reader.signed());
  return columns;
}

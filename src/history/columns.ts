/**
 * Events as columns of numbers: the form in which they are kept, from the recorder to the page's drawing. A
 * hundred thousand events are then a few arrays instead of a hundred thousand objects, and a binary search
 * finds a moment. Only this file converts between events and numbers.
 */
import { type Event, type EventKind, eventKinds } from "./event.ts";

export interface EventColumns {
  readonly length: number;
  /** Nanoseconds since the run's origin. */
  readonly at: Float64Array;
  /** Indexes into {@link kindNames}. */
  readonly kind: Uint8Array;
  readonly candidate: Int32Array;
  /**
   * The values of an event in the order in which its kind lists them; a name is stored as its index in its
   * list.
   */
  readonly values: readonly Float64Array[];
}

/** The number of each name: its index. */
export function codesOf<Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, code) => [name, code])) as Record<Name, number>;
}

export const kindNames = Object.keys(eventKinds) as EventKind[];
export const kindCodes = codesOf(kindNames);

interface Field {
  readonly name: string;
  readonly names: readonly string[] | null;
}

/** The values of each kind, by its code. */
const fields: readonly (readonly Field[])[] = kindNames.map((kind) =>
  Object.entries<"number" | readonly string[]>(eventKinds[kind]).map(([name, type]) => ({
    name,
    names: type === "number" ? null : type,
  })),
);

/** The number of values of each kind, by its code. */
export const valueCounts: readonly number[] = fields.map(({ length }) => length);

/** The maximum number of values of an event. */
export const MOST_VALUES = Math.max(...valueCounts);

export function emptyColumns(length: number): EventColumns {
  return {
    length,
    at: new Float64Array(length),
    kind: new Uint8Array(length),
    candidate: new Int32Array(length),
    values: Array.from({ length: MOST_VALUES }, () => new Float64Array(length)),
  };
}

export function columnsOf(events: readonly Event[]): EventColumns {
  const columns = emptyColumns(events.length);
  events.forEach((event, index) => {
    const code = kindCodes[event.type];
    columns.at[index] = Math.round(event.at);
    columns.kind[index] = code;
    columns.candidate[index] = event.candidate;
    const given = event as unknown as Readonly<Record<string, number | string>>;
    fields[code]?.forEach(({ name, names }, place) => {
      const value = given[name];
      const column = columns.values[place];
      if (column !== undefined)
        column[index] = typeof value === "string" ? (names ?? []).indexOf(value) : (value ?? 0);
    });
  });
  return columns;
}

export function eventAt(columns: EventColumns, index: number): Event {
  const code = columns.kind[index] ?? 0;
  const event: Record<string, number | string | undefined> = {
    at: columns.at[index],
    candidate: columns.candidate[index],
    type: kindNames[code],
  };
  fields[code]?.forEach(({ name, names }, place) => {
    const value = columns.values[place]?.[index] ?? 0;
    event[name] = names === null ? value : names[value];
  });
  return event as unknown as Event;
}

/** The events as objects again. */
export function eventsOf(columns: EventColumns): Event[] {
  return Array.from({ length: columns.length }, (_, index) => eventAt(columns, index));
}

/** The first index whose value is not below: where a moment begins in an ascending column. */
export function firstFrom(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

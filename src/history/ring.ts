/**
 * The memory that events are recorded into: one shared block, with a ring for each host and one for the
 * coordinator. Each ring has one writer (recorder.ts) and one reader (tape.ts).
 */
import { kindNames, MOST_VALUES } from "./columns.ts";
import type { EventKind } from "./event.ts";

/** A ring's integers: how many events were recorded, taken over, and lost; and whether one is being written. */
export const RECORDED = 0;
export const TAKEN = 1;
export const LOST = 2;
export const WRITING = 3;
const HEAD_BYTES = 4 * Int32Array.BYTES_PER_ELEMENT;

/** An event's kind and candidate share a number: the kind's code, plus this for each candidate. */
export const KINDS = kindNames.length;

/** The numbers of an event: kind and candidate, time, values. */
export const WIDTH = 2 + MOST_VALUES;
const EVENT_BYTES = WIDTH * Float64Array.BYTES_PER_ELEMENT;

/** The data that a thread needs for recording: structured-cloneable, and shared, not copied. */
export interface Recording {
  readonly memory: SharedArrayBuffer;
  readonly hosts: number;
  /** The number of events that fit in a ring. */
  readonly capacity: number;
  /** `process.hrtime.bigint()` when the run began. */
  readonly origin: bigint;
  /** Leaves out all others, to measure the cost of recording. */
  readonly only?: readonly EventKind[];
}

export function createRecording(hosts: number, capacity: number, origin: bigint): Recording {
  const memory = new SharedArrayBuffer((hosts + 1) * (HEAD_BYTES + EVENT_BYTES * capacity));
  return { memory, hosts, capacity, origin };
}

/** The number of events that a ring can hold if all rings together take this many bytes. */
export function capacityWithin(bytes: number, hosts: number): number {
  return Math.floor((bytes / (hosts + 1) - HEAD_BYTES) / EVENT_BYTES);
}

/** Nanoseconds since the run's origin, on the clock that all threads share. */
export function nowIn({ origin }: Recording): number {
  return Number(process.hrtime.bigint() - origin);
}

export interface Ring {
  readonly counts: Int32Array;
  readonly events: Float64Array;
}

/** @param index the host's number; the coordinator's ring is the last */
export function ringOf({ memory, capacity }: Recording, index: number): Ring {
  const start = index * (HEAD_BYTES + EVENT_BYTES * capacity);
  return {
    counts: new Int32Array(memory, start, HEAD_BYTES / Int32Array.BYTES_PER_ELEMENT),
    events: new Float64Array(memory, start + HEAD_BYTES, WIDTH * capacity),
  };
}

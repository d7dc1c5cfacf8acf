/**
 * Records events into one block of shared memory, a region for each candidate and one for the coordinator.
 * Writing needs no lock, no message and next to no allocation, because each region has one writer. The
 * regions are read only when the trial is over. A full region is reported by {@link readEvents}:
 * nothing is lost in silence.
 */
import { performance } from "node:perf_hooks";
import { COORDINATOR, type Event, type EventKind, eventKinds } from "./event.ts";

const kinds = Object.keys(eventKinds) as EventKind[];
const codes = Object.fromEntries(kinds.map((kind, code) => [kind, code])) as Record<EventKind, number>;

/** Numbers in an event: code, time, two values. */
const WIDTH = 4;
/** Numbers before the first event of a region: how many events were recorded. */
const HEAD = 1;

/** What a thread needs to record: structured-cloneable, and shared, not copied. */
export interface Recording {
  readonly memory: SharedArrayBuffer;
  readonly candidates: number;
  /** Events that fit in a region. */
  readonly capacity: number;
  /** `process.hrtime.bigint()` when the run began. */
  readonly origin: bigint;
  /** All others are left out: for finding out what recording costs. */
  readonly only?: readonly EventKind[];
}

export function createRecording(candidates: number, capacity: number, origin: bigint): Recording {
  const bytes = (candidates + 1) * (HEAD + WIDTH * capacity) * Float64Array.BYTES_PER_ELEMENT;
  return { memory: new SharedArrayBuffer(bytes), candidates, capacity, origin };
}

/** A region's index: the candidate's, and the last for the coordinator. */
function regionOf(recording: Recording, candidate: number): Float64Array {
  const index = candidate === COORDINATOR ? recording.candidates : candidate;
  const length = HEAD + WIDTH * recording.capacity;
  return new Float64Array(recording.memory, index * length * Float64Array.BYTES_PER_ELEMENT, length);
}

/** The pen of one candidate. `record` takes the time itself. */
export class Recorder {
  readonly #region: Float64Array;
  readonly #capacity: number;
  readonly #origin: bigint;
  readonly #only: ReadonlySet<EventKind> | undefined;

  constructor(recording: Recording, candidate: number) {
    this.#only = recording.only && new Set(recording.only);
    this.#region = regionOf(recording, candidate);
    this.#capacity = recording.capacity;
    this.#origin = recording.origin;
  }

  /**
   * Records an event, now. The values are numbers in the order of {@link eventKinds}; a value that has a
   * name is given as the index of that name.
   */
  record(kind: EventKind, first = 0, second = 0): void {
    if (this.#only !== undefined && !this.#only.has(kind)) return;
    const at = Number(process.hrtime.bigint() - this.#origin);
    const region = this.#region;
    const count = region[0] ?? 0;
    region[0] = count + 1;
    if (count >= this.#capacity) return;
    const offset = HEAD + count * WIDTH;
    region[offset] = codes[kind];
    region[offset + 1] = at;
    region[offset + 2] = first;
    region[offset + 3] = second;
  }

  /**
   * A moment of this thread's `performance.now()` as a value of an event: on the clock that all threads share.
   */
  momentOf(ms: number): number {
    const now = Number(process.hrtime.bigint() - this.#origin);
    return now + Math.round((ms - performance.now()) * 1e6);
  }
}

/** Thrown when a region was too small for what happened. */
export class RecordingFull extends Error {
  override readonly name = "RecordingFull";
}

/**
 * All events in the order of time. To be called when no candidate records any more.
 * @throws {RecordingFull} with the figure that was too small
 */
export function readEvents(recording: Recording): Event[] {
  const events: Event[] = [];
  for (let candidate = COORDINATOR; candidate < recording.candidates; candidate++) {
    const region = regionOf(recording, candidate);
    const count = region[0] ?? 0;
    if (count > recording.capacity) {
      throw new RecordingFull(
        `candidate ${candidate} recorded ${count} events, and a region holds ${recording.capacity}`,
      );
    }
    for (let index = 0; index < count; index++) {
      const offset = HEAD + index * WIDTH;
      const [code = 0, at = 0, ...values] = region.subarray(offset, offset + WIDTH);
      const type = kinds[code];
      if (type === undefined) throw new Error(`an event has the unknown code ${code}`);
      const fields = Object.entries<"number" | readonly string[]>(eventKinds[type]).map(
        ([name, names], i) => {
          const value = values[i] ?? 0;
          return [name, names === "number" ? value : names[value]];
        },
      );
      events.push({ at, candidate, type, ...Object.fromEntries(fields) } as Event);
    }
  }
  return events.sort((a, b) => a.at - b.at);
}

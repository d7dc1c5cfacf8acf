/**
 * Records events into one block of shared memory: a ring for each host, and one for the coordinator. Writing
 * needs no lock, no message and next to no allocation, because each ring has one writer. A {@link Tape} takes
 * the events over between the measured windows, so a ring only has to hold the events of one window. What a
 * full ring could not hold is reported: nothing is lost silently.
 */
import { performance } from "node:perf_hooks";
import { type EventColumns, emptyColumns, eventsOf, kindCodes, kindNames, MOST_VALUES } from "./columns.ts";
import { COORDINATOR, type Event, type EventKind } from "./event.ts";

const KINDS = kindNames.length;

/** The numbers of an event in a ring: kind and candidate, time, values. */
const WIDTH = 2 + MOST_VALUES;
const EVENT_BYTES = WIDTH * Float64Array.BYTES_PER_ELEMENT;

/** A ring starts with 32-bit integers: how many events were recorded, taken over, and lost. */
const RECORDED = 0;
const TAKEN = 1;
const LOST = 2;
const HEAD_BYTES = 4 * Int32Array.BYTES_PER_ELEMENT;

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

interface Ring {
  readonly counts: Int32Array;
  readonly events: Float64Array;
}

/** @param index the host's number; the coordinator's ring is the last */
function ringOf({ memory, capacity }: Recording, index: number): Ring {
  const start = index * (HEAD_BYTES + EVENT_BYTES * capacity);
  return {
    counts: new Int32Array(memory, start, HEAD_BYTES / Int32Array.BYTES_PER_ELEMENT),
    events: new Float64Array(memory, start + HEAD_BYTES, WIDTH * capacity),
  };
}

/** The pen of one candidate. `record` takes the time itself. */
export class Recorder {
  readonly #ring: Ring;
  readonly #capacity: number;
  readonly #origin: bigint;
  readonly #only: ReadonlySet<EventKind> | undefined;
  /** Added to the code of a kind. */
  readonly #candidate: number;

  /** @param host the host whose ring it writes into, in the host's own thread */
  constructor(recording: Recording, host: number, candidate: number) {
    this.#ring = ringOf(recording, host === COORDINATOR ? recording.hosts : host);
    this.#capacity = recording.capacity;
    this.#origin = recording.origin;
    this.#only = recording.only && new Set(recording.only);
    this.#candidate = (candidate - COORDINATOR) * KINDS;
  }

  /**
   * Records an event, now. The values are numbers in the order of their kind; a named value is given as the
   * index of its name.
   */
  record(kind: EventKind, first = 0, second = 0, third = 0): void {
    if (this.#only !== undefined && !this.#only.has(kind)) return;
    const at = Number(process.hrtime.bigint() - this.#origin);
    const { counts, events } = this.#ring;
    // Nobody else writes the one; if the other is read late, the ring only looks fuller. So both are read
    // without synchronisation.
    const recorded = counts[RECORDED] ?? 0;
    if (recorded - (counts[TAKEN] ?? 0) >= this.#capacity) {
      Atomics.add(counts, LOST, 1);
      return;
    }
    const offset = WIDTH * (recorded % this.#capacity);
    events[offset] = kindCodes[kind] + this.#candidate;
    events[offset + 1] = at;
    events[offset + 2] = first;
    events[offset + 3] = second;
    events[offset + 4] = third;
    // This comes last: a reader that takes events over finds only complete ones.
    Atomics.store(counts, RECORDED, recorded + 1);
  }

  /**
   * Converts a moment of this thread's `performance.now()` to an event's value, on the clock that all threads
   * share.
   */
  momentOf(ms: number): number {
    const now = Number(process.hrtime.bigint() - this.#origin);
    return now + Math.round((ms - performance.now()) * 1e6);
  }
}

/** A ring was too small for the events. */
export class RecordingFull extends Error {
  override readonly name = "RecordingFull";
}

/** How often the rings are emptied between two windows, in milliseconds. */
const DRAIN_EVERY_MS = 100;

/** All recorded events, taken over from the rings in whatever order they are there. */
export class Tape {
  readonly #recording: Recording;
  readonly #rings: readonly Ring[];
  readonly #chunks: EventColumns[] = [];
  /** The number of chunks returned by {@link newEvents}. */
  #told = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#rings = Array.from({ length: recording.hosts + 1 }, (_, index) => ringOf(recording, index));
  }

  /** No window is open: from now on, events are taken over again and again. */
  resume(): void {
    this.#timer ??= setInterval(() => this.drain(), DRAIN_EVERY_MS).unref();
  }

  /** A window opens: all rings are empty, and nothing here costs time until it is over. */
  pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.drain();
  }

  /** Takes over the events in the rings. Do not call this inside a measured window. */
  drain(): void {
    const { capacity } = this.#recording;
    const full = this.#rings.flatMap(({ counts, events }) => {
      const taken = counts[TAKEN] ?? 0;
      const count = Atomics.load(counts, RECORDED) - taken;
      return count === 0 ? [] : { counts, events, taken, count };
    });
    if (full.length === 0) return;
    const chunk = emptyColumns(full.reduce((sum, { count }) => sum + count, 0));
    let index = 0;
    for (const { counts, events, taken, count } of full) {
      for (let event = taken; event < taken + count; event++)
        takeOver(events, WIDTH * (event % capacity), chunk, index++);
      Atomics.store(counts, TAKEN, taken + count);
    }
    this.#chunks.push(chunk);
  }

  /**
   * All events in chronological order.
   * @throws {RecordingFull} when some are missing
   */
  events(): Event[] {
    return this.#eventsFrom(0);
  }

  /**
   * The events since the last call, in chronological order.
   * @throws {RecordingFull} when some are missing
   */
  newEvents(): Event[] {
    const events = this.#eventsFrom(this.#told);
    this.#told = this.#chunks.length;
    return events;
  }

  #eventsFrom(chunk: number): Event[] {
    this.drain();
    this.#checkWhole();
    return this.#chunks
      .slice(chunk)
      .flatMap(eventsOf)
      .sort((a, b) => a.at - b.at);
  }

  #checkWhole(): void {
    for (const [index, { counts }] of this.#rings.entries()) {
      const lost = Atomics.load(counts, LOST);
      if (lost === 0) continue;
      const who = index === this.#recording.hosts ? "the coordinator" : `host ${index}`;
      throw new RecordingFull(
        `${lost} events of ${who} are missing: a ring holds ${this.#recording.capacity} from one window to the next`,
      );
    }
  }
}

/** The inverse of {@link Recorder.record}. */
function takeOver(ring: Float64Array, offset: number, chunk: EventColumns, index: number): void {
  const code = ring[offset] ?? 0;
  chunk.kind[index] = code % KINDS;
  chunk.candidate[index] = Math.floor(code / KINDS) + COORDINATOR;
  chunk.at[index] = ring[offset + 1] ?? 0;
  let from = offset + 2;
  for (const column of chunk.values) column[index] = ring[from++] ?? 0;
}

/** Takes recorded events over from the rings, and hands them on in chronological order. */
import { type EventColumns, emptyColumns, eventsOf } from "./columns.ts";
import { COORDINATOR, type Event } from "./event.ts";
import {
  KINDS,
  LOST,
  nowIn,
  RECORDED,
  type Recording,
  type Ring,
  ringOf,
  TAKEN,
  WIDTH,
  WRITING,
} from "./ring.ts";

/** A ring was too small for the events. */
export class RecordingFull extends Error {
  override readonly name = "RecordingFull";
}

/** How often the rings are emptied between two windows, in milliseconds. */
const DRAIN_EVERY_MS = 100;

export class Tape {
  readonly #recording: Recording;
  readonly #rings: readonly Ring[];
  #chunks: EventColumns[] = [];
  /** Events that {@link takeSettled} has held back, in chronological order. */
  #held: Event[] = [];
  /** Up to this time, every ring has been emptied. */
  #completeUntil = Number.NEGATIVE_INFINITY;
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
    const now = nowIn(this.#recording);
    let completeUntil = now;
    const full = this.#rings.flatMap(({ counts, events }) => {
      // Asked first: an event that is being written now has an unknown time.
      const isWriting = Atomics.load(counts, WRITING) !== 0;
      const taken = counts[TAKEN] ?? 0;
      const count = Atomics.load(counts, RECORDED) - taken;
      if (isWriting) completeUntil = this.#completeUntil;
      return count === 0 ? [] : { counts, events, taken, count };
    });
    this.#completeUntil = completeUntil;
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
   * Takes the events up to the last moment at which all had settled, in chronological order. No event that is
   * taken later is older. Do not call this inside a measured window.
   * @throws {RecordingFull} when some are missing
   */
  takeSettled(): Event[] {
    const complete = this.takeComplete();
    const settled = settledPart(complete);
    this.#held = [...complete.slice(settled.length), ...this.#held];
    return settled;
  }

  /**
   * Takes the events up to the moment up to which none is missing, in chronological order. Do not call this
   * inside a measured window.
   * @throws {RecordingFull} when some are missing
   */
  takeComplete(): Event[] {
    const events = this.take();
    const complete = events.findLastIndex(({ at }) => at < this.#completeUntil) + 1;
    this.#held = events.slice(complete);
    return events.slice(0, complete);
  }

  /**
   * Takes all events, in chronological order.
   * @throws {RecordingFull} when some are missing
   */
  take(): Event[] {
    this.drain();
    this.#checkWhole();
    const events = [...this.#held, ...this.#chunks.flatMap(eventsOf)].sort((a, b) => a.at - b.at);
    this.#held = [];
    this.#chunks = [];
    return events;
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

/**
 * The events up to the last moment at which all had settled: if the process was suspended, later ones may have
 * been recorded after it stood still.
 */
export function settledPart(events: readonly Event[]): Event[] {
  const last = events.findLastIndex(({ type }) => type === "enrolled" || type === "settled");
  return events.slice(0, last + 1);
}

/** The inverse of the recorder's writing. */
function takeOver(ring: Float64Array, offset: number, chunk: EventColumns, index: number): void {
  const code = ring[offset] ?? 0;
  chunk.kind[index] = code % KINDS;
  chunk.candidate[index] = Math.floor(code / KINDS) + COORDINATOR;
  chunk.at[index] = ring[offset + 1] ?? 0;
  let from = offset + 2;
  for (const column of chunk.values) column[index] = ring[from++] ?? 0;
}

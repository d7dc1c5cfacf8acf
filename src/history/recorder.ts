/**
 * Records events. Writing needs no lock, no message and next to no allocation, because each ring has one
 * writer. A tape (tape.ts) takes the events over between the measured windows, so a ring only has to hold the
 * events of one window. What a full ring could not hold is reported: nothing is lost silently.
 */
import { performance } from "node:perf_hooks";
import { kindCodes } from "./columns.ts";
import { COORDINATOR, type EventKind } from "./event.ts";
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

/** The pen of one candidate. `record` takes the time itself. */
export class Recorder {
  readonly #recording: Recording;
  readonly #ring: Ring;
  readonly #only: ReadonlySet<EventKind> | undefined;
  /** Added to the code of a kind. */
  readonly #candidate: number;

  /** @param host the host whose ring it writes into, in the host's own thread */
  constructor(recording: Recording, host: number, candidate: number) {
    this.#recording = recording;
    this.#ring = ringOf(recording, host === COORDINATOR ? recording.hosts : host);
    this.#only = recording.only && new Set(recording.only);
    this.#candidate = (candidate - COORDINATOR) * KINDS;
  }

  /**
   * Records an event, now. The values are numbers in the order of their kind; a named value is given as the
   * index of its name.
   */
  record(kind: EventKind, first = 0, second = 0, third = 0): void {
    this.recordAt(undefined, kind, first, second, third);
  }

  /**
   * Records an event that happened at this time, in nanoseconds since the run's origin, or now. Nobody may take
   * events over meanwhile that are to be in order.
   */
  recordAt(time: number | undefined, kind: EventKind, first = 0, second = 0, third = 0): void {
    if (this.#only !== undefined && !this.#only.has(kind)) return;
    const { counts, events } = this.#ring;
    const { capacity } = this.#recording;
    // Before the clock is read: so a reader that finds nobody writing knows that later events have later times.
    Atomics.store(counts, WRITING, 1);
    const at = time ?? nowIn(this.#recording);
    // Nobody else writes the one; if the other is read late, the ring only looks fuller. So both are read
    // without synchronisation.
    const recorded = counts[RECORDED] ?? 0;
    if (recorded - (counts[TAKEN] ?? 0) >= capacity) {
      Atomics.add(counts, LOST, 1);
    } else {
      const offset = WIDTH * (recorded % capacity);
      events[offset] = kindCodes[kind] + this.#candidate;
      events[offset + 1] = at;
      events[offset + 2] = first;
      events[offset + 3] = second;
      events[offset + 4] = third;
      // After the values: a reader that takes events over finds only complete ones.
      Atomics.store(counts, RECORDED, recorded + 1);
    }
    Atomics.store(counts, WRITING, 0);
  }

  /**
   * Converts a moment of this thread's `performance.now()` to an event's value, on the clock that all threads
   * share.
   */
  momentOf(ms: number): number {
    const now = nowIn(this.#recording);
    return now + Math.round((ms - performance.now()) * 1e6);
  }
}

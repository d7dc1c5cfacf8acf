/**
 * The board holds what the coordinator must know about the candidates while a trial runs, in shared memory, so
 * that nobody sends a message inside a measured window. Each candidate writes its own line; the coordinator
 * sleeps until the number that it waits for is there.
 */
import type { ElectionEvents } from "../election/election-events.ts";

export interface BoardMemory {
  readonly memory: SharedArrayBuffer;
}

/**
 * `out`: not in the election. `unsettled`: joining, or looking again. `settled`: waiting, with its watch set.
 * `announcing`: leads, and others are still to hear about it from its znode; `leading`: leads, and is settled
 * as well.
 */
const statuses = ["out", "unsettled", "settled", "announcing", "leading"] as const;
export type Status = (typeof statuses)[number];

export function leads(status: Status): boolean {
  return status === "announcing" || status === "leading";
}

/** Whether everybody waits for it to settle. */
export function isBusy(status: Status): boolean {
  return status === "unsettled" || status === "announcing";
}

const UNSETTLED = 0;
const CLAIMS = 1;
/** The number of threads that are frozen. */
const FROZEN = 2;
/** 1 when no thread may freeze any more. */
const WARM = 3;
/** The number of heartbeats answered so far: syncs, and requests for contenders. */
const SYNCS = 4;
const OWNS = 5;
/** Who may begin no heartbeat: a candidate, or one of these. */
const HUSHED = 6;
/** How often frozen threads were let go. */
const THAWS = 7;
/** The number of heartbeats that are not answered yet. */
const IN_FLIGHT = 8;
const NOBODY = -1;
const EVERYBODY = -2;
const HEAD = 9;
/** Each candidate has its status, its sequence number, and a count that is odd while its scheme decides. */
const WIDTH = 3;

export class Board {
  readonly #cells: Int32Array;

  constructor({ memory }: BoardMemory) {
    this.#cells = new Int32Array(memory);
  }

  static create(candidates: number): BoardMemory {
    const memory = new SharedArrayBuffer((HEAD + WIDTH * candidates) * Int32Array.BYTES_PER_ELEMENT);
    new Board({ memory }).hush("nobody");
    return { memory };
  }

  // Methods for a candidate

  /** @param sequence of its own contender, if there is one */
  set(candidate: number, status: Status, sequence = 0): void {
    const cell = HEAD + WIDTH * candidate;
    Atomics.store(this.#cells, cell + 1, sequence);
    const before = statuses[Atomics.exchange(this.#cells, cell, statuses.indexOf(status))] ?? "out";
    if (leads(status) && !leads(before)) {
      Atomics.add(this.#cells, CLAIMS, 1);
      Atomics.notify(this.#cells, CLAIMS);
    }
    const change = Number(isBusy(status)) - Number(isBusy(before));
    if (change !== 0 && Atomics.add(this.#cells, UNSETTLED, change) + change === 0) {
      Atomics.notify(this.#cells, UNSETTLED);
    }
  }

  /** Its scheme begins to decide, or has decided. A decision that is broken off never finishes. */
  decides(candidate: number): void {
    Atomics.add(this.#cells, HEAD + WIDTH * candidate + 2, 1);
  }

  /** A heartbeat has been answered. This wakes nobody. */
  beat(asked: ElectionEvents["beat"][0]): void {
    Atomics.add(this.#cells, asked === "sync" ? SYNCS : OWNS, 1);
  }

  /** A heartbeat was sent, or is over, whether it was answered or not. */
  inFlight(change: 1 | -1): void {
    Atomics.add(this.#cells, IN_FLIGHT, change);
  }

  /** Whether its heartbeats have to wait. */
  isHushed(candidate: number): boolean {
    const hushed = Atomics.load(this.#cells, HUSHED);
    return hushed === EVERYBODY || hushed === candidate;
  }

  /** Freezes: the thread runs nothing, not even its session's pings, until the time is over. */
  freeze(ms: number): void {
    // First, so that nobody can let it go unnoticed.
    const thaws = Atomics.load(this.#cells, THAWS);
    Atomics.add(this.#cells, FROZEN, 1);
    Atomics.notify(this.#cells, FROZEN);
    if (Atomics.load(this.#cells, WARM) === 0) Atomics.wait(this.#cells, THAWS, thaws, ms);
    Atomics.sub(this.#cells, FROZEN, 1);
  }

  // Methods for the coordinator

  /** Sets whose heartbeats have to wait from now on. Those in flight are answered as usual. */
  hush(who: number | "everybody" | "nobody"): void {
    const hushed = who === "everybody" ? EVERYBODY : who === "nobody" ? NOBODY : who;
    Atomics.store(this.#cells, HUSHED, hushed);
  }

  /** Lets the frozen threads go on. */
  thaw(): void {
    Atomics.add(this.#cells, THAWS, 1);
    Atomics.notify(this.#cells, THAWS);
  }

  /** Lets them go on, and nobody stand still again. */
  thawForGood(): void {
    Atomics.store(this.#cells, WARM, 1);
    this.thaw();
  }

  /** Whether a thread is frozen before the time is over. */
  untilFrozen(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    return this.#until(FROZEN, (frozen) => frozen > 0, timeoutMs, signal);
  }

  status(candidate: number): Status {
    return statuses[Atomics.load(this.#cells, HEAD + WIDTH * candidate)] ?? "out";
  }

  sequence(candidate: number): number {
    return Atomics.load(this.#cells, HEAD + WIDTH * candidate + 1);
  }

  /** The number of the decision that its scheme is making; `undefined` if it is making none. */
  decision(candidate: number): number | undefined {
    const count = Atomics.load(this.#cells, HEAD + WIDTH * candidate + 2);
    return count % 2 === 0 ? undefined : count;
  }

  /** The number of terms begun so far. */
  get claims(): number {
    return Atomics.load(this.#cells, CLAIMS);
  }

  /** The number of heartbeats answered so far, and of those that are not answered yet. */
  get beats(): { readonly syncs: number; readonly owns: number; readonly inFlight: number } {
    const of = (cell: number) => Atomics.load(this.#cells, cell);
    return { inFlight: of(IN_FLIGHT), syncs: of(SYNCS), owns: of(OWNS) };
  }

  /** The number of candidates that join, look again, have lost their connection, or lead unannounced. */
  get unsettled(): number {
    return Atomics.load(this.#cells, UNSETTLED);
  }

  /** Whether every candidate in the election is settled before the time is over. */
  untilSettled(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    return this.#until(UNSETTLED, (unsettled) => unsettled === 0, timeoutMs, signal);
  }

  /** Whether more than this many terms have begun before the time is over. */
  untilClaim(claims: number, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    return this.#until(CLAIMS, (count) => count > claims, timeoutMs, signal);
  }

  async #until(
    cell: number,
    reached: (value: number) => boolean,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    // An abort must wake the sleeper, which only looks again, so waking does no harm.
    const wake = () => Atomics.notify(this.#cells, cell);
    signal.addEventListener("abort", wake, { once: true });
    try {
      for (;;) {
        const value = Atomics.load(this.#cells, cell);
        if (reached(value)) return true;
        const left = deadline - performance.now();
        if (left <= 0 || signal.aborted) return false;
        const { async, value: woken } = Atomics.waitAsync(this.#cells, cell, value, left);
        if (async) await woken;
      }
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }
}

/** One direction of a relayed connection: what was read, in order, until it may be passed on. */
import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import type { Direction } from "./rule.ts";
import type { PacketKind } from "./zookeeper-frames.ts";

/** The rules, as a flow sees them. */
export interface Judge {
  stalls(direction: Direction): boolean;
  drops(direction: Direction): boolean;
  /** Drawn anew for each packet. */
  latencyMs(direction: Direction): number;
  /** Infinite without a limit. */
  bytesPerSecond(direction: Direction): number;
  actOn(direction: Direction, kind: PacketKind): "reset" | "close-inside" | "stall" | undefined;
}

/** What a flow cannot do alone, because it concerns the connection. */
export interface Ends {
  /** Connects, if it has not yet begun to. */
  to(): Socket;
  /** Whether there is anybody to tell of the end. */
  readonly hasTo: boolean;
  /** Whether it may be written to now; it connects if it has not yet begun to. */
  takes(): boolean;
  reset(): void;
  /** Closes the receiver's side, which has read what it was sent, and resets the sender's. */
  hangUp(): void;
  /** The end of this direction has been passed on. */
  passed(): void;
}

export interface Packet {
  readonly bytes: Buffer;
  /** Unknown for a part of a packet, or if packets are not told apart. */
  readonly kind: PacketKind | undefined;
}

interface Queued extends Packet {
  /** A moment on this thread's `performance.now()`. */
  readonly due: number;
  /** Whether `due` already includes the time that sending it takes. */
  readonly isPaced: boolean;
}

/** More than this is not read until some of it has been passed on. */
const MOST_QUEUED_BYTES = 2 ** 20;

/** A slow link passes on parts of this length, in milliseconds. */
const PART_MS = 50;

export class Flow {
  readonly #direction: Direction;
  readonly #from: () => Socket | undefined;
  readonly #judge: Judge;
  readonly #ends: Ends;
  readonly #queue: Queued[] = [];
  #queuedBytes = 0;
  #lastDue = 0;
  /** When the link has sent everything that was passed to it. */
  #freeAt = 0;
  /** When something is due that was found to be early. */
  #waitsUntil: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The sender has ended: so will the receiver, after what is queued. */
  #hasEnded = false;
  #hasPassed = false;
  #hasHole = false;

  constructor(direction: Direction, from: () => Socket | undefined, judge: Judge, ends: Ends) {
    this.#direction = direction;
    this.#from = from;
    this.#judge = judge;
    this.#ends = ends;
  }

  /** Everything has been passed on, including the end. */
  get hasPassed(): boolean {
    return this.#hasPassed;
  }

  /** Something was lost, so that nothing may follow. */
  get hasHole(): boolean {
    return this.#hasHole;
  }

  push(packets: readonly Packet[]): void {
    for (const packet of packets) {
      const due = performance.now() + this.#judge.latencyMs(this.#direction);
      this.#lastDue = Math.max(this.#lastDue, due);
      this.#queue.push({ ...packet, due: this.#lastDue, isPaced: false });
      this.#queuedBytes += packet.bytes.length;
    }
    this.pass();
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#lastDue = Math.max(this.#lastDue, performance.now() + this.#judge.latencyMs(this.#direction));
    this.pass();
  }

  /** Passes on what may be passed on by now. */
  pass(): void {
    if (this.#hasPassed) return;
    this.#waitsUntil = undefined;
    while (this.#passNext());
    this.#readOrWait();
  }

  close(): void {
    this.#hasPassed = true;
    clearTimeout(this.#timer);
  }

  /** @returns whether to go on */
  #passNext(): boolean {
    const direction = this.#direction;
    if (this.#hasPassed || this.#judge.stalls(direction)) return false;
    if (this.#judge.drops(direction)) {
      if (this.#queue.length > 0 || this.#hasEnded) this.#hasHole = true;
      this.#queue.length = 0;
      this.#queuedBytes = 0;
      return false;
    }
    const [next] = this.#queue;
    if (next === undefined) return this.#hasEnded && !this.#isBefore(this.#lastDue) && this.#passEnd();
    if (this.#isBefore(next.due)) return false;
    const act = next.kind && this.#judge.actOn(direction, next.kind);
    if (act === "stall") return false;
    if (act === "reset") {
      this.#ends.reset();
      return false;
    }
    if (act === "close-inside") {
      this.#closeInside(next.bytes);
      return false;
    }
    const rate = this.#judge.bytesPerSecond(direction);
    if (!next.isPaced && rate !== Number.POSITIVE_INFINITY) {
      this.#pace(next, rate);
      return true;
    }
    if (!this.#ends.takes()) return false;
    this.#queue.shift();
    this.#queuedBytes -= next.bytes.length;
    this.#ends.to().write(next.bytes);
    return true;
  }

  /** Replaces it by a first part that has its time, and the rest. */
  #pace({ bytes, due }: Queued, bytesPerSecond: number): void {
    const most = Math.max(1, Math.floor((bytesPerSecond * PART_MS) / 1000));
    const part = bytes.subarray(0, most);
    // What was held meanwhile was not sent meanwhile.
    const start = Math.max(due, this.#freeAt, performance.now() - PART_MS);
    this.#freeAt = start + (part.length / bytesPerSecond) * 1000;
    const parts: Queued[] = [{ bytes: part, kind: undefined, due: this.#freeAt, isPaced: true }];
    if (bytes.length > most)
      parts.push({ bytes: bytes.subarray(most), kind: undefined, due, isPaced: false });
    this.#queue.splice(0, 1, ...parts);
  }

  #passEnd(): false {
    this.#hasPassed = true;
    if (this.#ends.hasTo) this.#ends.to().end();
    this.#ends.passed();
    return false;
  }

  /** The receiver has to read the half before it learns of the end, so its side is not reset. */
  #closeInside(bytes: Buffer): void {
    const to = this.#ends.to();
    this.#hasPassed = true;
    to.end(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => this.#ends.hangUp());
  }

  #isBefore(due: number): boolean {
    const isEarly = performance.now() < due;
    if (isEarly) this.#waitsUntil = due;
    return isEarly;
  }

  #readOrWait(): void {
    const from = this.#from();
    if (this.#queuedBytes > MOST_QUEUED_BYTES) from?.pause();
    else if (from?.isPaused()) from.resume();
    clearTimeout(this.#timer);
    if (this.#hasPassed || this.#waitsUntil === undefined) return;
    // The moment may have come since it was found to be early.
    const leftMs = Math.max(0, this.#waitsUntil - performance.now());
    this.#timer = setTimeout(() => this.pass(), Math.ceil(leftMs));
  }
}

/**
 * Occupies the number of a socket that the client has closed, until it is connected again.
 *
 * The addon still holds that number for a while: for a moment, when the client has read the end of the
 * connection; for up to a third of the session timeout, when the client has given the connection up, or found
 * it reset as it sent a call (zookeeper.c, `zookeeper_interest` and `nonblocking_send`; node-zk.cpp, `yield`).
 * The next file to be opened gets the number.
 * - If that is a socket of this thread, it receives nothing, or nothing more once the addon lets go of the
 *   number.
 * - If it is another session's, the process ends: libuv refuses to poll it twice, and the addon does not check.
 * - If nothing gets the number, the process may end as well: if the addon has begun to poll and the loop has
 *   not waited since, libuv finds the number closed, and aborts silently (linux.c, `uv__epoll_ctl_prep`).
 *
 * So a file takes the number. It has to be one that epoll accepts, which not all are. It can always be read, so
 * in the last case the addon is called at once, and the client reconnects.
 *
 * A client that fails to connect does not report when it gives up an attempt, so a session opened meanwhile
 * takes a number that was never in use ({@link underFreshNumber}).
 *
 * Not promised: anything if several sessions of a thread fail to connect at the same time, from their second
 * attempts on; or on systems other than Linux.
 */
import { closeSync, fstatSync, openSync, readdirSync } from "node:fs";
import { keepInheritedNumbers } from "./inherited-numbers.ts";

const OPEN_FILES = "/proc/self/fd";
const POLLABLE = "/dev/random";

export class Placeholder {
  /**
   * The files that were open when the client had connected, including its socket: which number is its cannot be
   * read.
   */
  #candidates: number[] = [];
  readonly #held: number[] = [];

  /** The client has connected, and the addon holds only its new socket. */
  connected(): void {
    this.release();
    this.#candidates = openFiles();
  }

  /** Call this as soon as the client has closed its socket, before anything else is opened. */
  hold(): void {
    if (this.#held.length === 0) this.#holdUpTo(this.#candidates.findLast((number) => !isOpen(number)));
  }

  /** Runs a call during which the client, while it tries to connect, may close the socket of an attempt. */
  during(call: () => void): void {
    // With that socket, the addon has let go of all earlier ones.
    this.release();
    const before = openFiles();
    call();
    this.#holdUpTo(before.findLast((number) => !isOpen(number)));
  }

  /** The addon holds nothing that is closed. */
  release(): void {
    const held = this.#held.splice(0);
    for (const number of held) closeSync(number);
    if (held.length > 0) keepInheritedNumbers();
  }

  #holdUpTo(highest: number | undefined): void {
    if (highest === undefined) return;
    try {
      // Each file gets the lowest free number.
      while ((this.#held.at(-1) ?? -1) < highest) this.#held.push(openSync(POLLABLE, "r"));
    } catch {
      // There is no such file, or no number is left: then everything is as the client left it.
    }
  }
}

/** The highest number that was seen open; an addon cannot still hold a higher one. */
let highestSeen = -1;

/** The maximum of numbers to take: beyond that, each try would cost more than it is worth. */
const MOST_TAKEN = 512;

/** @param call opens a socket, which gets a number that no addon of this thread can hold */
export function underFreshNumber(call: () => void): void {
  openFiles();
  const taken: number[] = [];
  const free = () => {
    for (const number of taken.splice(0)) closeSync(number);
  };
  try {
    while ((taken.at(-1) ?? -1) < highestSeen && taken.length < MOST_TAKEN)
      taken.push(openSync(POLLABLE, "r"));
  } catch {
    // No number is left: the socket needs one.
    free();
  }
  try {
    call();
  } finally {
    free();
  }
}

/** Call this when no addon of this thread holds a closed number. */
export function forgetNumbers(): void {
  highestSeen = -1;
}

/** The numbers are in ascending order. */
function openFiles(): number[] {
  try {
    const numbers = readdirSync(OPEN_FILES)
      .map(Number)
      .sort((a, b) => a - b);
    highestSeen = Math.max(highestSeen, numbers.at(-1) ?? -1);
    return numbers;
  } catch {
    return [];
  }
}

function isOpen(number: number): boolean {
  try {
    fstatSync(number);
    return true;
  } catch {
    return false;
  }
}

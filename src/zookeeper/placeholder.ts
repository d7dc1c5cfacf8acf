/**
 * Occupies the number of a socket that the client has closed, until it is connected again.
 *
 * The addon goes on to hold that number for a while: for a moment, when the client has read the end of the
 * connection; for up to a third of the session timeout, when it has given it up, or found it reset as it sent a
 * call (zookeeper.c, `zookeeper_interest` and `nonblocking_send`; node-zk.cpp, `yield`). The next file that is
 * opened is given the number.
 * - If that is a socket of this thread, it hears nothing, or nothing more once the addon lets go of the number.
 * - If it is another session's, the process ends: libuv refuses to poll it twice, and the addon does not look.
 * - If nobody is given it, the process may end as well: where the addon has begun to poll and the loop has not
 *   waited since, libuv finds the number closed, and aborts without a word (linux.c, `uv__epoll_ctl_prep`).
 *
 * So a file takes the number that epoll accepts, which it does not do with all. That one can always be read, so
 * in the last case the addon is called at once, and the client connects anew.
 *
 * A client that seeks a connection in vain tells nobody when it gives up an attempt, so whoever opens another
 * session meanwhile takes a number that was never in use ({@link underFreshNumber}).
 *
 * Not promised: anything where several sessions of a thread seek connections in vain at the same time, from
 * their second attempts on; nor on other systems than Linux.
 */
import { closeSync, fstatSync, openSync, readdirSync } from "node:fs";
import { keepInheritedNumbers } from "./inherited-numbers.ts";

const OPEN_FILES = "/proc/self/fd";
const POLLABLE = "/dev/random";

export class Placeholder {
  /** What was open when the client had connected, its socket included: whose number that is cannot be read. */
  #candidates: number[] = [];
  readonly #held: number[] = [];

  /** The client has connected, and the addon holds nothing but its new socket. */
  connected(): void {
    this.release();
    this.#candidates = openFiles();
  }

  /** To be called as soon as the client has closed its socket, before anything else is opened. */
  hold(): void {
    if (this.#held.length === 0) this.#holdUpTo(this.#candidates.findLast((number) => !isOpen(number)));
  }

  /** While the client seeks a connection, and may close the socket of an attempt within a call. */
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
      // Each is given the lowest number that is free.
      while ((this.#held.at(-1) ?? -1) < highest) this.#held.push(openSync(POLLABLE, "r"));
    } catch {
      // No file, or no number left: then all is as the client left it.
    }
  }
}

/** The highest number that was seen open; whatever an addon still holds is not above it. */
let highestSeen = -1;

/** So many numbers are taken at the most: beyond that, each try would cost more than it is worth. */
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
    // No number left: the socket needs one.
    free();
  }
  try {
    call();
  } finally {
    free();
  }
}

/** No addon of this thread holds what is closed. */
export function forgetNumbers(): void {
  highestSeen = -1;
}

/** In ascending order. */
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

/**
 * Occupies the number of a socket that the client has closed, until it is connected again.
 *
 * The addon goes on to hold that number for a while: for a moment, when the client has read the end of the connection; for
 * up to a third of the session timeout, when it has given it up, or found it reset as it sent a call (zookeeper.c,
 * `zookeeper_interest` and `nonblocking_send`; node-zk.cpp, `yield`). The next file that is opened is given the number.
 * - If that is a socket of this thread, it hears nothing, or nothing more once the addon lets go of the number.
 * - If it is another session's, the process ends: libuv refuses to poll it twice, and the addon does not look.
 * - If nobody is given it, the process may end as well: where the addon has begun to poll and the loop has not waited
 *   since, libuv finds the number closed, and aborts without a word (linux.c, `uv__epoll_ctl_prep`).
 *
 * So a file takes the number that epoll accepts, which it does not do with all. That one can always be read, so in the
 * last case the addon is called at once, and the client connects anew.
 *
 * A client that seeks a connection in vain tells nobody when it gives up an attempt, so whoever opens another session
 * meanwhile takes a number that was never in use ({@link underFreshNumber}).
 *
 * Not promised: anything where several sessions of a thread seek connections in vain at the same time, from their second
 * attempts on; nor on other systems than Linux.
 */
import { closeSync, openSync, readdirSync, statSync } from "node:fs";
import { keepInheritedNumbers } from "./inherited-numbers.ts";

const OPEN_FILES = "/proc/self/fd";
const POLLABLE = "/dev/random";
const NOTHING_OPEN = -1;

export class Placeholder {
  /** The client's socket is not above it; whose number that is cannot be read. */
  #highest = NOTHING_OPEN;
  readonly #held: number[] = [];

  /** The client has connected, and the addon holds nothing but its new socket. */
  connected(): void {
    // Before anything is released: as long as it is held, no number below the new socket is free.
    this.#highest = highestOpen();
    this.release();
  }

  /** To be called as soon as the client has closed its socket, before anything else is opened. */
  hold(): void {
    if (this.#held.length === 0) this.#holdUpTo(this.#highest);
  }

  /** While the client seeks a connection, and may close the socket of an attempt within a call. */
  during(call: () => void): void {
    const highest = highestOpen();
    // With that socket, the addon has let go of all earlier ones.
    this.release();
    call();
    this.#holdUpTo(highest);
  }

  /** The addon holds nothing that is closed. */
  release(): void {
    const held = this.#held.splice(0);
    for (const number of held) closeSync(number);
    if (held.length > 0) keepInheritedNumbers();
  }

  #holdUpTo(highest: number): void {
    if (highest === NOTHING_OPEN) return;
    try {
      // Each is given the lowest number that is free.
      for (;;) {
        const number = openSync(POLLABLE, "r");
        if (number > highest) {
          closeSync(number);
          return;
        }
        this.#held.push(number);
      }
    } catch {
      // No file, or no number left: then all is as the client left it.
    }
  }
}

/** The highest number that was seen open; whatever an addon still holds is not above it. */
let highestSeen = NOTHING_OPEN;

/** So many numbers are taken at the most: beyond that, each try would cost more than it is worth. */
const MOST_TAKEN = 512;

/** @param call opens a socket, which gets a number that no addon of this thread can hold */
export function underFreshNumber(call: () => void): void {
  highestOpen();
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
  highestSeen = NOTHING_OPEN;
}

/**
 * The highest number that is open. To list all of them takes the longer the more there are, and is needed only where one
 * below is free. That is soon over where many sessions are opened: the next file is given that number.
 */
function highestOpen(): number {
  try {
    const free = openSync(POLLABLE, "r");
    // How many are open, as Linux tells since 6.2.
    const open = statSync(OPEN_FILES).size;
    closeSync(free);
    const highest = open === free + 1 ? free - 1 : highestListed();
    highestSeen = Math.max(highestSeen, highest);
    return highest;
  } catch {
    return NOTHING_OPEN;
  }
}

function highestListed(): number {
  return readdirSync(OPEN_FILES).reduce((highest, name) => Math.max(highest, Number(name)), NOTHING_OPEN);
}

/**
 * Occupies the number of a socket that the client has closed, until the client has closed the next one.
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
 * So this must hold: **from the moment when a client closes its socket until its addon polls another one, no
 * socket of the same thread gets the number.** The session that has lost the socket ensures it, alone:
 * - It takes the number before any other code of its thread runs. Which number that is cannot be read, only
 *   that the thread's loop polled it when the session connected, and that it is free now. All such numbers are
 *   taken. Each session keeps a list of its own of what was polled, because a later list may lack its number:
 *   after each event of a socket the addon polls it anew, and the loop begins that only when it next waits.
 * - It takes no other numbers. Those of other threads are not in the list, and those that other sessions of the
 *   thread have lost are taken already. Either kind would be given back while somebody still needs it.
 * - It keeps them beyond the next connection, and gives them back when it has taken those that are lost next.
 *   The socket after that gets one of them. So a session that loses its connection over and over uses two
 *   numbers in turn, and no gap grows below its socket.
 *
 * Another thread may get the number: it has a loop of its own, which does not poll it.
 *
 * The file that takes the number has to be one that epoll accepts, which not all are. It can always be read, so
 * in the last case above the addon is called at once, and the client reconnects.
 *
 * A client that fails to connect does not report when it gives up an attempt, so a session opened meanwhile
 * takes a number that was never in use ({@link underFreshNumber}).
 *
 * All of this is for the addon as it is published. With our change to it (.yarn/patches) the addon closes its
 * poll handle before any other code runs, whoever closes the socket and why, and nobody has to hold anything.
 *
 * Not promised without that change: anything if several sessions of a thread fail to connect at the same time,
 * from their second attempts on; if another thread gets the number before it is taken, and closes it while the
 * addon still holds it; or on systems other than Linux.
 */
import { openSync } from "node:fs";
import { giveBack, openNumbers, polledFiles, takeNumbers } from "./file-numbers.ts";
import { keepInheritedNumbers } from "./inherited-numbers.ts";

const POLLABLE = "/dev/random";

export class Placeholder {
  /** The numbers that the loop polled when the client had connected, including that of its socket. */
  #polled: readonly number[] = [];
  #held: readonly number[] = [];
  /** Whether the addon may still hold one of them. */
  #isNeeded = false;

  /** The client has connected, and the addon holds only its new socket. */
  connected(): void {
    this.#isNeeded = false;
    this.#polled = polledFiles().map(({ number }) => number);
  }

  /** Call this as soon as the client has closed its socket, before anything else is opened. */
  hold(): void {
    if (this.#isNeeded) return;
    this.#take(this.#polled);
  }

  /** Runs a call during which the client, while it tries to connect, may close the socket of an attempt. */
  during(call: () => void): void {
    // The loop may not have begun to poll that socket yet.
    const before = openNumbers();
    call();
    // With that socket, the addon has let go of all earlier ones.
    this.#take(before);
  }

  /** The client is closed, and the addon holds no number. */
  release(): void {
    this.#isNeeded = false;
    this.#giveBack(this.#held);
    this.#held = [];
  }

  /** Takes the numbers that were open before and are free now, and gives back those that it took last time. */
  #take(before: readonly number[]): void {
    const numbers = new Set(before);
    const earlier = this.#held;
    this.#held = takeNumbers(POLLABLE, Math.max(-1, ...numbers), (number) => numbers.has(number));
    this.#isNeeded = true;
    this.#giveBack(earlier);
  }

  #giveBack(numbers: readonly number[]): void {
    giveBack(numbers);
    if (numbers.length > 0) keepInheritedNumbers();
  }
}

/** The highest number that was seen open; an addon cannot still hold a higher one. */
let highestSeen = -1;

/** The maximum of numbers to take: beyond that, each try would cost more than it is worth. */
const MOST_TAKEN = 512;

/** @param call opens a socket, which gets a number that no addon of this thread can hold */
export function underFreshNumber(call: () => void): void {
  highestSeen = Math.max(highestSeen, ...openNumbers());
  const taken: number[] = [];
  const free = () => giveBack(taken.splice(0));
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

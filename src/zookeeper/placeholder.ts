/**
 * Occupies the number of a socket that the client has closed, until the client has closed another one.
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
 * So this must hold: **from the moment when a client closes its socket until its addon polls another one, no
 * socket of the same thread is given the number.** The session that has lost the socket sees to it, alone:
 * - It takes the number before any other code of its thread runs. Which one that is cannot be read, only that the
 *   thread's loop polled it when the session connected, and that it is free now. All such numbers are taken.
 *   Each session keeps a list of its own of what was polled. In a later one its number may be missing: whenever
 *   a socket has heard something, the loop takes it off its list, and back on when it waits.
 * - It takes no other number. Those of other threads are not on the list, and those that other sessions of the
 *   thread have lost are taken already: both would be given back while somebody still needs them.
 * - It keeps them beyond the next connection, and gives them back when it has taken those that are lost next.
 *   The next socket is given one of them. So a session that loses its connection over and over has two numbers
 *   in turn, and there is no gap below its socket that grows with each loss.
 * Another thread may be given the number: it has a loop of its own, which does not poll it.
 *
 * The file that takes the number can always be read, so in the last case above the addon is called at once, and
 * the client connects anew.
 *
 * A client that seeks a connection in vain tells nobody when it gives up an attempt, so whoever opens another
 * session meanwhile takes a number that was never in use ({@link underFreshNumber}).
 *
 * Not promised: anything where several sessions of a thread seek connections in vain at the same time, from
 * their second attempts on; where another thread is given the number before it is taken, and closes it while
 * the addon still holds it; nor on other systems than Linux.
 */
import { openSync } from "node:fs";
import { giveBack, openNumbers, polledFiles, takeNumbers } from "./file-numbers.ts";
import { keepInheritedNumbers } from "./inherited-numbers.ts";

/** A file that epoll accepts, which it does not do with all. It can always be read. */
const POLLABLE = "/dev/random";

export class Placeholder {
  /** What the loop polled when the client had connected, its socket included: which that is cannot be read. */
  #polled: readonly number[] = [];
  #held: readonly number[] = [];
  /** Whether the addon may hold it still. */
  #isNeeded = false;

  /** The client has connected, and the addon holds nothing but its new socket. */
  connected(): void {
    this.#isNeeded = false;
    this.#polled = polledFiles().map(({ number }) => number);
  }

  /** To be called as soon as the client has closed its socket, before anything else is opened. */
  hold(): void {
    if (this.#isNeeded) return;
    this.#take(this.#polled);
  }

  /** While the client seeks a connection, and may close the socket of an attempt within a call. */
  during(call: () => void): void {
    // The loop may not have begun to poll that socket.
    const before = openNumbers();
    call();
    // With that socket, the addon has let go of all earlier ones.
    this.#take(before);
  }

  /** The client is closed, and the addon holds nothing. */
  release(): void {
    this.#isNeeded = false;
    this.#giveBack(this.#held);
    this.#held = [];
  }

  /** Takes what was open and is free now, and gives back what it had taken before. */
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

/** The highest number that was seen open; whatever an addon still holds is not above it. */
let highestSeen = -1;

/** So many numbers are taken at the most: beyond that, each try would cost more than it is worth. */
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

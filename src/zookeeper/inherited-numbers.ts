/**
 * Keeps the numbers of sockets that were closed here while child processes still hold them.
 *
 * Every child process inherits the native client's sockets. When one is closed here but not there, the loop
 * keeps receiving its events, by its old number (epoll_ctl(2), epoll(7)). Whoever gets that number next is
 * called for nothing, over and over, and misses its own events: libuv drops the real event along with the false
 * one (`uv__platform_invalidate_fd`). The native client then assumes an expired session, or waits in vain.
 *
 * So a file that nobody polls occupies such a number, until the children are gone. The thread still spins
 * meanwhile.
 *
 * Not promised: anything in worker threads, or on systems other than Linux.
 */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const OPEN_FILES = "/proc/self/fd";
const EVENT_POLL = "anon_inode:[eventpoll]";
const NOBODYS = "/dev/null";

const kept = new Set<number>();

/** Call this when sockets have been closed, and before others are opened. */
export function keepInheritedNumbers(): void {
  if (!isMainThread) return;
  const inherited = inheritedNumbers();
  for (const number of kept) {
    if (inherited.has(number)) continue;
    closeSync(number);
    kept.delete(number);
  }
  for (const number of inherited) if (!kept.has(number)) keep(number);
}

function keep(number: number): void {
  const others: number[] = [];
  try {
    // Each file gets the lowest free number.
    for (let given = -1; given < number; ) {
      given = openSync(NOBODYS, "r");
      if (given === number) kept.add(number);
      else others.push(given);
    }
  } catch {
    // No number is left.
  }
  for (const other of others) closeSync(other);
}

/** The numbers that the loop polls but that were closed here, whatever has the number by now. */
function inheritedNumbers(): Set<number> {
  const numbers = new Set<number>();
  try {
    for (const name of readdirSync(OPEN_FILES)) {
      if (targetOf(name) !== EVENT_POLL) continue;
      const polled = readFileSync(`/proc/self/fdinfo/${name}`, "utf8").matchAll(
        /^tfd: +(\d+).* ino:([\da-f]+)/gm,
      );
      for (const [, number, inode = ""] of polled)
        if (inodeOf(Number(number)) !== inode) numbers.add(Number(number));
    }
  } catch {
    // This is another system.
  }
  return numbers;
}

function targetOf(name: string): string | undefined {
  try {
    return readlinkSync(`${OPEN_FILES}/${name}`);
  } catch {
    return undefined;
  }
}

/** The inode of an open file, in hexadecimal as epoll lists it. */
function inodeOf(number: number): string | undefined {
  try {
    return fstatSync(number, { bigint: true }).ino.toString(16);
  } catch {
    return undefined;
  }
}

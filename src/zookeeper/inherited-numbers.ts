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
import { fstatSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { giveBack, polledFiles, takeNumbers } from "./file-numbers.ts";

const NOBODYS = "/dev/null";

const kept = new Set<number>();

/** Call this when sockets have been closed, and before others are opened. */
export function keepInheritedNumbers(): void {
  if (!isMainThread) return;
  // The loop polls a file that was closed here, whatever has its number by now.
  const lost = polledFiles().filter(({ number, inode }) => inodeOf(number) !== inode);
  const inherited = new Set(lost.map(({ number }) => number));
  for (const number of kept) {
    if (inherited.has(number)) continue;
    giveBack([number]);
    kept.delete(number);
  }
  for (const number of inherited) {
    if (kept.has(number)) continue;
    for (const taken of takeNumbers(NOBODYS, number, (given) => given === number)) kept.add(taken);
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

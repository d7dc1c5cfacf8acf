/**
 * Keeps the numbers of sockets that were closed here while child processes go on to hold them.
 *
 * The native client's sockets are inherited by every child process. When one is closed here and not there, the
 * loop goes on to be told of it, by its old number (epoll_ctl(2), epoll(7)). Whoever is given that number next
 * is called for nothing, over and over, and hears nothing of its own: libuv drops the real event along with the
 * false one (`uv__platform_invalidate_fd`). The native client takes that for an expired session, or waits in
 * vain.
 *
 * So a file that nobody polls takes such a number, until the children are gone. The thread still does not rest
 * meanwhile.
 *
 * Not promised: anything in worker threads, nor on other systems than Linux.
 */
import { fstatSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { giveBack, polledFiles, takeNumbers } from "./file-numbers.ts";

const NOBODYS = "/dev/null";

const kept = new Set<number>();

/** To be called when sockets have been closed, and before others are opened. */
export function keepInheritedNumbers(): void {
  if (!isMainThread) return;
  // What the loop polls and is not open here any more, whatever has its number by now.
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

/** In hexadecimal. */
function inodeOf(number: number): string | undefined {
  try {
    return fstatSync(number, { bigint: true }).ino.toString(16);
  } catch {
    return undefined;
  }
}

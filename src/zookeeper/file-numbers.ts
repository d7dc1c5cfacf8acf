/** The numbers of open files. Each new file gets the lowest free number. */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

const OPEN_FILES = "/proc/self/fd";
const EVENT_POLL = "anon_inode:[eventpoll]";
/** The file by which other threads wake a loop: every loop polls one. */
const EVENT = "anon_inode:[eventfd]";
/** libuv's code for a number that its loop polls already. */
const EEXIST = -17;

/** The numbers are in no particular order; there are none if they cannot be listed. */
export function openNumbers(): number[] {
  try {
    return readdirSync(OPEN_FILES).map(Number);
  } catch {
    return [];
  }
}

/**
 * Opens a file under each free number, up to the highest, and closes it again where the number is not wanted.
 * @returns the numbers that stay taken: fewer if there is no such file, or no number is left
 */
export function takeNumbers(file: string, highest: number, isWanted: (number: number) => boolean): number[] {
  const taken: number[] = [];
  const others: number[] = [];
  try {
    for (let given = -1; given < highest; ) {
      given = openSync(file, "r");
      (isWanted(given) ? taken : others).push(given);
    }
  } catch {
    // Then everything is as it was.
  }
  giveBack(others);
  return taken;
}

export function giveBack(numbers: readonly number[]): void {
  for (const number of numbers) closeSync(number);
}

export interface Polled {
  readonly number: number;
  /** The inode of the polled file, whatever has its number by now; in hexadecimal. */
  readonly inode: string;
}

/** The number of the epoll instance of this thread's loop; if it cannot be told apart, the numbers of all. */
let loops: readonly string[] | undefined;

/**
 * What the loop of this thread polls, as far as the kernel knows: without what has begun, or begun again, since
 * the loop last waited. The time that this takes grows with the sockets of the thread, not with whatever else
 * is open in the process.
 */
export function polledFiles(): Polled[] {
  loops ??= findLoops();
  return loops.flatMap(polledBy);
}

function polledBy(loop: string): Polled[] {
  try {
    const info = readFileSync(`/proc/self/fdinfo/${loop}`, "utf8");
    const lines = info.matchAll(/^tfd: +(\d+).* ino:([\da-f]+)/gm);
    return Array.from(lines, ([, number, inode = ""]) => ({ number: Number(number), inode }));
  } catch {
    // The loop's thread has ended.
    return [];
  }
}

function findLoops(): string[] {
  try {
    // The latest come first: mostly it is a thread that has just started which asks.
    const names = readdirSync(OPEN_FILES).reverse();
    const isLoop = (name: string) => targetOf(name) === EVENT_POLL;
    const own = findOwn(names, isLoop);
    return own === undefined ? names.filter(isLoop) : [own];
  } catch {
    // This is another system.
    return [];
  }
}

interface UdpHandle {
  open(number: number): number;
  close(): void;
}

/**
 * No call tells which loop is the thread's. But libuv opens no socket under a number that its loop polls, and
 * says so before it finds that this number is no socket at all (udp.c, `uv_udp_open`). Nothing is opened.
 */
function findOwn(names: readonly string[], isLoop: (name: string) => boolean): string | undefined {
  let handle: UdpHandle | undefined;
  try {
    const internals = process as unknown as { binding(name: string): { UDP: new () => UdpHandle } };
    const { UDP } = internals.binding("udp_wrap");
    const udp = new UDP();
    handle = udp;
    const isOwn = ({ number }: Polled) => targetOf(String(number)) === EVENT && udp.open(number) === EEXIST;
    return names.find((name) => isLoop(name) && polledBy(name).some(isOwn));
  } catch {
    // It is not permitted, or not there in this version of Node.
    return undefined;
  } finally {
    handle?.close();
  }
}

function targetOf(name: string): string | undefined {
  try {
    return readlinkSync(`${OPEN_FILES}/${name}`);
  } catch {
    return undefined;
  }
}

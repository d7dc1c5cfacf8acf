/** The numbers of open files. The kernel gives each new file the lowest number that is free. */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

const OPEN_FILES = "/proc/self/fd";
const EVENT_POLL = "anon_inode:[eventpoll]";
/** By which other threads wake a loop: every loop polls one. */
const EVENT = "anon_inode:[eventfd]";
/** libuv's code for a number that the loop polls already. */
const EEXIST = -17;

/** In no certain order; none where they cannot be listed. */
export function openNumbers(): number[] {
  try {
    return readdirSync(OPEN_FILES).map(Number);
  } catch {
    return [];
  }
}

/**
 * Has a file take each number that is free, up to the highest, and lets go again of those that are not wanted.
 * @returns the numbers that stay taken: fewer where no file or no number was left
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
    // Then all is as it was.
  }
  giveBack(others);
  return taken;
}

export function giveBack(numbers: readonly number[]): void {
  for (const number of numbers) closeSync(number);
}

export interface Polled {
  readonly number: number;
  /** Of the file that is polled, whoever has its number by now. In hexadecimal. */
  readonly inode: string;
}

/** The epoll instance of this thread's loop, by its number; where it cannot be told which it is, those of all. */
let loops: readonly string[] | undefined;

/**
 * What the loop of this thread polls, as the kernel has been told: without what is new since the loop has last
 * waited, and what it has changed its mind about. Takes the longer the more sockets the thread polls, whatever
 * else is open in the process.
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
    // That thread has ended.
    return [];
  }
}

function findLoops(): string[] {
  try {
    // The last ones first: a thread that has just begun is looked for most often.
    const names = readdirSync(OPEN_FILES).reverse();
    const isLoop = (name: string) => targetOf(name) === EVENT_POLL;
    const own = findOwn(names, isLoop);
    return own === undefined ? names.filter(isLoop) : [own];
  } catch {
    // Another system.
    return [];
  }
}

interface UdpHandle {
  open(number: number): number;
  close(): void;
}

/**
 * There is no call that tells a thread's loop. But libuv opens no socket under a number that its loop polls,
 * and says so before it finds that this one is no socket at all (udp.c, `uv_udp_open`). Nothing is opened.
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
    // Not permitted, or not in this version of Node.
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

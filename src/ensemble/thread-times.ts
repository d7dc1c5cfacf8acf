/**
 * Processor time of a process, as the sum over its threads. A thread's record goes when it ends, so its last
 * known time is kept: otherwise the time of the whole process would decrease.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export class ThreadTimes {
  readonly #folder: string;
  /** Nanoseconds of the threads that were alive at the last reading. */
  #alive: ReadonlyMap<string, number> = new Map();
  #endedNs = 0;

  /** @param folder has a folder for each thread, with its `schedstat` (Linux, `/proc/PID/task`) */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Reads the scheduler's records, which count nanoseconds; the usual ones count hundredths of a second, which
   * is longer than a failover. Time that a thread uses between its last reading and its end is missed. A server
   * has 40 threads and more: read here, one takes some microseconds, and a tenth of a millisecond elsewhere.
   * @returns milliseconds; `null` if the system does not report them
   */
  read(): number | null {
    const threads = threadsIn(this.#folder);
    if (threads === null) return null;
    const alive = new Map(threads.flatMap((thread) => this.#timeOf(thread)));
    for (const [thread, ns] of this.#alive) {
      // The time decreased: another thread has got its number.
      if ((alive.get(thread) ?? -1) < ns) this.#endedNs += ns;
    }
    this.#alive = alive;
    return [...alive.values()].reduce((sum, ns) => sum + ns, this.#endedNs) / 1e6;
  }

  /** Nothing if it has ended meanwhile. */
  #timeOf(thread: string): [thread: string, ns: number][] {
    try {
      const books = readFileSync(join(this.#folder, thread, "schedstat"), "utf8");
      return [[thread, Number(books.split(" ")[0])]];
    } catch {
      return [];
    }
  }
}

function threadsIn(folder: string): string[] | null {
  try {
    return readdirSync(folder);
  } catch {
    return null;
  }
}

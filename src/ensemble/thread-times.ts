/**
 * Processor time of a process, as the sum over its threads. A thread's record goes when it ends, so its last
 * known time is kept: otherwise the time of the whole process would decrease.
 */
import { readdir, readFile } from "node:fs/promises";
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
   * is longer than a failover. Time that a thread uses between its last reading and its end is missed.
   * @returns milliseconds; `null` if the system does not report them
   */
  async read(): Promise<number | null> {
    const threads = await readdir(this.#folder).catch(() => null);
    if (threads === null) return null;
    const alive = new Map(
      (await Promise.all(threads.map((thread) => this.#timeOf(thread)))).filter((entry) => entry !== null),
    );
    for (const [thread, ns] of this.#alive) {
      // The time decreased: another thread has got its number.
      if ((alive.get(thread) ?? -1) < ns) this.#endedNs += ns;
    }
    this.#alive = alive;
    return [...alive.values()].reduce((sum, ns) => sum + ns, this.#endedNs) / 1e6;
  }

  /** `null` if it has ended meanwhile. */
  async #timeOf(thread: string): Promise<[thread: string, ns: number] | null> {
    const books = await readFile(join(this.#folder, thread, "schedstat"), "utf8").catch(() => null);
    return books === null ? null : [thread, Number(books.split(" ")[0])];
  }
}

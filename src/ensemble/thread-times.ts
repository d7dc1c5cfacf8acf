/**
 * Processor time of a process, as the sum of its threads' own. A thread that ends takes its books with it, so
 * what it was seen to have used is kept: otherwise the time of the whole process would go back.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export class ThreadTimes {
  readonly #folder: string;
  /** In nanoseconds, of the threads that were alive when they were last read. */
  #alive: ReadonlyMap<string, number> = new Map();
  #endedNs = 0;

  /** @param folder a folder for each thread, with its `schedstat` (Linux, `/proc/PID/task`) */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The scheduler's own books count nanoseconds; the usual ones count hundredths of a second, which is longer
   * than a failover. What a thread uses after it was read last, and before it ends, is missed.
   * @returns milliseconds; `null` where the system does not tell
   */
  async read(): Promise<number | null> {
    const threads = await readdir(this.#folder).catch(() => null);
    if (threads === null) return null;
    const alive = new Map(
      (await Promise.all(threads.map((thread) => this.#timeOf(thread)))).filter((entry) => entry !== null),
    );
    for (const [thread, ns] of this.#alive) {
      // Less than before: another thread has got its number.
      if ((alive.get(thread) ?? -1) < ns) this.#endedNs += ns;
    }
    this.#alive = alive;
    return [...alive.values()].reduce((sum, ns) => sum + ns, this.#endedNs) / 1e6;
  }

  /** `null` where it has ended meanwhile. */
  async #timeOf(thread: string): Promise<[thread: string, ns: number] | null> {
    const books = await readFile(join(this.#folder, thread, "schedstat"), "utf8").catch(() => null);
    return books === null ? null : [thread, Number(books.split(" ")[0])];
  }
}

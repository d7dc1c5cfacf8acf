/**
 * What the system and the JVM tell of a server that this run started: processor time, and pauses of its garbage
 * collector from the JVM's own log.
 */
import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export interface JvmCounts {
  /** `null` where the system does not tell. */
  readonly cpuMs: number | null;
  readonly gcPauseMs: number;
}

/** The garbage collector's log, in the folder where the JVM stands. */
export const GC_LOG = "gc.log";

/** To be given to the JVM, so that {@link Jvm} can read the log. */
export const gcLogOption = `-Xlog:gc:file=${GC_LOG}:uptime:filecount=0`;

export class Jvm {
  readonly #pid: number;
  readonly #gcLog: string;
  /** What of the log was read already, and what it said. */
  #read = 0;
  #gcPauseMs = 0;
  #rest = "";

  constructor(pid: number, folder: string) {
    this.#pid = pid;
    this.#gcLog = join(folder, GC_LOG);
  }

  /** Since the server started. */
  async counts(): Promise<JvmCounts> {
    await this.#readLog();
    return { cpuMs: await cpuMsOf(this.#pid), gcPauseMs: this.#gcPauseMs };
  }

  async #readLog(): Promise<void> {
    const log = await open(this.#gcLog).catch(() => undefined);
    if (log === undefined) return;
    try {
      const { size } = await log.stat();
      if (size === this.#read) return;
      const { buffer, bytesRead } = await log.read(Buffer.alloc(size - this.#read), { position: this.#read });
      this.#read += bytesRead;
      const lines = (this.#rest + buffer.toString("utf8", 0, bytesRead)).split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) {
        // Such as: [1.234s] GC(0) Pause Young (Allocation Failure) 17M->3M(58M) 4.321ms
        const ms = /\bPause\b.* (\d+(?:\.\d+)?)ms$/.exec(line)?.[1];
        if (ms !== undefined) this.#gcPauseMs += Number(ms);
      }
    } finally {
      await log.close();
    }
  }
}

/**
 * Of all its threads that are alive. The scheduler's own books (Linux, `/proc/PID/task/TID/schedstat`) count
 * nanoseconds; the usual ones count hundredths of a second, which is longer than a failover.
 */
async function cpuMsOf(pid: number): Promise<number | null> {
  try {
    const folder = `/proc/${pid}/task`;
    const threads = await readdir(folder);
    const times = await Promise.all(
      threads.map(async (thread) => {
        // A thread may have ended meanwhile.
        const books = await readFile(`${folder}/${thread}/schedstat`, "utf8").catch(() => "0");
        return Number(books.split(" ")[0]);
      }),
    );
    return times.reduce((sum, ns) => sum + ns, 0) / 1e6;
  } catch {
    return null;
  }
}

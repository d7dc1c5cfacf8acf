/** The folder that a run is: written as the run goes, so that an interrupted run keeps what it has. */
import { mkdir, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { appendHistory, type History, readHistories } from "../history/history.ts";
import { LabError } from "../lab-error.ts";
import { json } from "./json.ts";
import type { Result } from "./result.ts";

export const RESULT = "result.json";
export const HISTORY = "history.jsonl.gz";

export class RunFolder {
  readonly path: string;
  /** The outermost folder that was made for this run. */
  readonly #made: string | undefined;

  private constructor(path: string, made: string | undefined) {
    this.path = path;
    this.#made = made;
  }

  /** @throws {LabError} `usage` when the folder holds something, or cannot be written to */
  static async create(path: string): Promise<RunFolder> {
    const absolute = resolve(path);
    let made: string | undefined;
    try {
      made = await mkdir(absolute, { recursive: true });
      if ((await readdir(absolute)).length > 0) {
        throw new LabError("usage", `--out ${path}: the folder is not empty; name a new one`);
      }
      // A full disk says so here, not after an hour.
      const probe = join(absolute, RESULT);
      await writeFile(probe, "x".repeat(4096)).finally(() => rm(probe, { force: true }));
      return new RunFolder(absolute, made);
    } catch (cause) {
      if (cause instanceof LabError) throw cause;
      if (made !== undefined) await new RunFolder(absolute, made).discard();
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LabError("usage", `--out ${path}: cannot be written to (${reason}); name another folder`, {
        cause,
      });
    }
  }

  /** Of a run that goes on. */
  static open(path: string): RunFolder {
    return new RunFolder(resolve(path), undefined);
  }

  /** Replaces `result.json` as a whole: a reader never sees half of one. */
  async save(result: Result): Promise<void> {
    const file = join(this.path, RESULT);
    await writeFile(`${file}.new`, json(result));
    await rename(`${file}.new`, file);
  }

  async appendHistory(history: History): Promise<void> {
    await appendHistory(join(this.path, HISTORY), history);
  }

  /** Drops the histories of all other trials: they are going to be run again. */
  async keepHistories(trials: ReadonlySet<number>): Promise<void> {
    const file = join(this.path, HISTORY);
    const fresh = `${file}.new`;
    await writeFile(fresh, "");
    for (const history of await readHistories(file).catch(() => [])) {
      if (trials.has(history.header.trial)) await appendHistory(fresh, history);
    }
    await rename(fresh, file);
  }

  /** For a run that never came to its first trial. What others keep beside it is left alone. */
  async discard(): Promise<void> {
    for (const file of [RESULT, `${RESULT}.new`, HISTORY]) await rm(join(this.path, file), { force: true });
    const made = this.#made;
    if (made === undefined) return;
    for (let folder = this.path; folder.length >= made.length; folder = dirname(folder)) {
      try {
        await rmdir(folder);
      } catch {
        return;
      }
    }
  }
}

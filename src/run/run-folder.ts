/** The folder of a run, written as the run goes, so that an interrupted run keeps its results. */
import { readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { json } from "../export/json.ts";
import type { Result } from "../export/result.ts";
import { probeFile, replaceFile } from "../export/whole-file.ts";
import type { TrialHeader } from "../history/header.ts";
import type { Ending } from "../history/history.ts";
import { readTrials } from "../history/reader.ts";
import type { Told } from "../history/told.ts";
import { appendHistory, writeEnding, writeHeader, writeTold } from "../history/writer.ts";
import { LabError } from "../lab-error.ts";
import { makeFolder } from "../make-folder.ts";
import { lost, unwritable } from "../unwritable.ts";

export const RESULT = "result.json";
export const HISTORY = "history.jsonl.gz";
export const REPORT = "report.html";
export const REPLAY = "replay.html";

export class RunFolder {
  readonly path: string;
  /** The outermost folder that was created for this run. */
  readonly #made: string | undefined;
  #appending: Promise<void> = Promise.resolve();

  private constructor(path: string, made: string | undefined) {
    this.path = path;
    this.#made = made;
  }

  /**
   * @throws {LabError} `usage` when the folder is not empty, or cannot be written to; `io` when the disk is
   * full
   */
  static async create(path: string): Promise<RunFolder> {
    const absolute = resolve(path);
    let made: string | undefined;
    try {
      made = await makeFolder(absolute);
      if ((await readdir(absolute)).length > 0) {
        throw new LabError("usage", `--out ${path}: the folder is not empty; name a new one`);
      }
      // A full disk shows here, not after an hour.
      await probeFile(join(absolute, RESULT));
      return new RunFolder(absolute, made);
    } catch (cause) {
      if (cause instanceof LabError) throw cause;
      if (made !== undefined) await new RunFolder(absolute, made).discard();
      throw unwritable(`--out ${path}`, cause, "name another folder");
    }
  }

  /** Opens the folder of a resumed run. */
  static open(path: string): RunFolder {
    return new RunFolder(resolve(path), undefined);
  }

  /**
   * Replaces `result.json` as a whole: a reader never sees half of one.
   * @throws {LabError} `io`; the earlier file is then unchanged
   */
  async save(result: Result): Promise<void> {
    const file = join(this.path, RESULT);
    await kept(
      file,
      replaceFile(file, (fresh) => writeFile(fresh, json(result))),
    );
  }

  /** A trial begins, for the first time or again. @throws {LabError} `io` */
  async beginHistory(header: TrialHeader): Promise<void> {
    await this.#append((file) => writeHeader(file, header));
  }

  /** Appends the next part of a trial. @throws {LabError} `io`; what was written before stays */
  async continueHistory(trial: number, told: Iterable<Told>): Promise<void> {
    await this.#append((file) => writeTold(file, trial, told));
  }

  /** The trial is complete. @throws {LabError} `io` */
  async endHistory(trial: number, ending: Ending): Promise<void> {
    await this.#append((file) => writeEnding(file, trial, ending));
  }

  /** One part after the other, even of trials that run at the same time. */
  async #append(write: (file: string) => Promise<void>): Promise<void> {
    const file = join(this.path, HISTORY);
    const writing = this.#appending.then(() => write(file));
    this.#appending = writing.catch(() => undefined);
    await kept(file, writing);
  }

  /**
   * Drops the histories of all other trials, which are about to run again.
   * @throws {LabError} `io`; nothing is dropped then
   */
  async keepHistories(trials: ReadonlySet<number>): Promise<void> {
    const file = join(this.path, HISTORY);
    const fill = async (fresh: string) => {
      await writeFile(fresh, "");
      if (trials.size === 0) return;
      for await (const history of readTrials(file)) {
        if (trials.has(history.header.trial)) await appendHistory(fresh, history);
      }
    };
    await kept(file, replaceFile(file, fill));
  }

  /** Removes the folder of a run that never reached its first trial. Files that others keep beside it stay. */
  async discard(): Promise<void> {
    for (const file of [RESULT, HISTORY]) await rm(join(this.path, file), { force: true });
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

async function kept(file: string, writing: Promise<void>): Promise<void> {
  await writing.catch((cause) => {
    throw lost(file, cause, "once it can be, yarn bench --resume continues with the saved trials");
  });
}

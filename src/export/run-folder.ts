/** The folder that a run is: written as the run goes, so that an interrupted run keeps what it has. */
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { appendHistory, type History } from "../history/history.ts";
import { LabError } from "../lab-error.ts";
import { json } from "./json.ts";
import type { Result } from "./result.ts";

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
    try {
      const made = await mkdir(absolute, { recursive: true });
      if ((await readdir(absolute)).length > 0) {
        throw new LabError("usage", `--out ${path}: the folder is not empty; name a new one`);
      }
      const probe = join(absolute, "result.json");
      await writeFile(probe, "x".repeat(4096));
      await rm(probe);
      return new RunFolder(absolute, made);
    } catch (cause) {
      if (cause instanceof LabError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LabError("usage", `--out ${path}: cannot be written to (${reason}); name another folder`, {
        cause,
      });
    }
  }

  /** Replaces `result.json` as a whole: a reader never sees half of one. */
  async save(result: Result): Promise<void> {
    const file = join(this.path, "result.json");
    await writeFile(`${file}.new`, json(result));
    await rename(`${file}.new`, file);
  }

  async appendHistory(history: History): Promise<void> {
    await appendHistory(join(this.path, "history.jsonl.gz"), history);
  }

  /** For a run that never came to its first trial. */
  async discard(): Promise<void> {
    await rm(this.#made ?? join(this.path, "result.json"), { recursive: true, force: true });
  }
}

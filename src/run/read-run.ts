/** Reads a saved run: by this version or an earlier one, complete or killed in the middle. */
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { RESULT_SCHEMA, type Result } from "../export/result.ts";
import type { History } from "../history/history.ts";
import { readHistories } from "../history/reader.ts";
import { LabError } from "../lab-error.ts";
import { codeOf, messageOf } from "../thrown.ts";
import { complete, type EarlierResult } from "./earlier-result.ts";
import { HISTORY, RESULT } from "./run-folder.ts";

export interface SavedRun {
  readonly folder: string;
  readonly result: Result;
  /**
   * Each belongs to a trial by number: in a run that was killed, the last trial may lack its history, and the
   * last history its trial.
   */
  readonly histories: readonly History[];
}

/**
 * @param path the run's folder, or `result.json` in it
 * @throws {LabError} `usage` when there is no such run, or it cannot be read
 */
export async function readRun(path: string): Promise<SavedRun> {
  const folder = await folderOf(path);
  const result = await readResult(join(folder, RESULT));
  const read = await readHistory(join(folder, HISTORY), result.trials.length);
  const { servers, spread } = result.environment.server;
  // Up to 0.6.0 only the environment said how many servers there were.
  const histories =
    spread === undefined ? read.map((one) => ({ ...one, header: { ...one.header, servers } })) : read;
  return { folder, result: complete(result, histories), histories };
}

async function folderOf(path: string): Promise<string> {
  const found = await stat(path).catch((cause) => {
    throw new LabError("usage", `${path}: no such folder; name the folder of a run, as in runs/`, { cause });
  });
  if (found.isDirectory()) return path;
  if (basename(path) === RESULT) return dirname(path);
  throw new LabError("usage", `${path}: not a run; name its folder, or ${RESULT} in it`);
}

async function readResult(file: string): Promise<EarlierResult> {
  const text = await readFile(file, "utf8").catch((cause) => {
    const what = codeOf(cause) === "ENOENT" ? "no such file" : `cannot be read (${messageOf(cause)})`;
    throw new LabError("usage", `${file}: ${what}; name the folder of a run, as in runs/`, { cause });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LabError("usage", `${file}: not JSON (${messageOf(cause)}); name another run`, { cause });
  }
  const { schema, run, environment, trials } = (value ?? {}) as Partial<Record<keyof Result, unknown>>;
  if (schema !== RESULT_SCHEMA) {
    const found = schema === undefined ? "none" : JSON.stringify(schema);
    throw new LabError(
      "usage",
      `${file}: its schema is ${found}, and this version reads ${RESULT_SCHEMA}; name another run`,
    );
  }
  if (!isObject(run) || !isObject(environment) || !Array.isArray(trials) || !trials.every(isTrial)) {
    throw new LabError("usage", `${file}: not a whole result; name another run`);
  }
  return value as EarlierResult;
}

/** Checks what readers access; the rest follows the schema, or no lab wrote it. */
function isTrial(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { failovers, summary, verdicts } = value as Partial<Record<string, unknown>>;
  return Array.isArray(failovers) && failovers.every(isObject) && isObject(summary) && isObject(verdicts);
}

async function readHistory(file: string, trials: number): Promise<History[]> {
  try {
    return await readHistories(file);
  } catch (cause) {
    // A run that was interrupted before its first trial was saved lacks no history.
    if (trials === 0) return [];
    const what = codeOf(cause) === "ENOENT" ? "no such file" : `cannot be read (${messageOf(cause)})`;
    throw new LabError(
      "usage",
      `${file}: ${what}; copy the folder of the run as a whole, or name another one`,
      {
        cause,
      },
    );
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

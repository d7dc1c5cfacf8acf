/**
 * The only place that writes to stdout. Lost output is an error at the end. A reader that has gone has seen
 * enough, as with `head`: later output goes nowhere, and the work goes on.
 */
import { fstatSync, writeFileSync } from "node:fs";
import { codeOf } from "./thrown.ts";
import { lost } from "./unwritable.ts";

const STDOUT = 1;
/** The size for a terminal that does not know its own: it reports 0, and nothing would fit. */
const DEFAULT_SIZE = { columns: 80, rows: 24 } as const;

type State =
  | { readonly type: "open" }
  | { readonly type: "reader-gone" }
  | { readonly type: "failed"; readonly error: Error; told: boolean };

let state: State = { type: "open" };

/** Node treats what a full disk left out of a file as written, so a file is written here, to its end. */
const isFile = fstatSync(STDOUT).isFile();

for (const stream of [process.stdout, process.stderr]) {
  giveSize(stream);
  stream.on("resize", () => giveSize(stream));
}
process.stdout.on("error", fail);
// There is nobody left to tell.
process.stderr.on("error", () => undefined);

export function write(text: string): void {
  if (state.type !== "open") return;
  if (!isFile) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(STDOUT, text);
  } catch (error) {
    fail(error as Error);
  }
}

export function print(line: string): void {
  write(`${line}\n`);
}

/** Writes to stderr: progress, warnings, and errors. */
export function warn(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Waits for a slow pipe.
 * @param next what a person can do about it
 * @throws {LabError} `io`, once, when some output is lost
 */
export async function flush(next = "send it elsewhere"): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))),
  );
  if (state.type !== "failed" || state.told) return;
  state.told = true;
  throw lost("stdout", state.error, next);
}

function fail(error: Error): void {
  if (state.type !== "open") return;
  state = codeOf(error) === "EPIPE" ? { type: "reader-gone" } : { type: "failed", error, told: false };
}

function giveSize(stream: NodeJS.WriteStream): void {
  if (stream.columns === 0) stream.columns = DEFAULT_SIZE.columns;
  if (stream.rows === 0) stream.rows = DEFAULT_SIZE.rows;
}

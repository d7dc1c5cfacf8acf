/**
 * A candidate's program: a process in a session and a process group of its own, so that a terminal's Ctrl-C
 * does not reach it, and that all that it starts can be killed with it. It is told what to do on its standard
 * input, and says what happens on its standard output, one line each.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "../thrown.ts";
import { onLines } from "../zookeeper/lines.ts";
import { type Instruction, LONGEST_LINE, parseSaying, type Saying } from "./candidate-protocol.ts";

export type ProgramSpec =
  /** A command for `sh`. */
  | { readonly type: "command"; readonly command: string }
  | { readonly type: "file"; readonly file: string; readonly args: readonly string[] };

export interface ProgramEvents {
  started(pid: number): void;
  says(saying: Saying): void;
  /** Its process has ended; what it said before may still be heard. */
  exited(): void;
  /** It has said something that is not of the protocol. */
  rubbish(reason: string): void;
  /**
   * No thread of it runs any more, and what it said has been heard; or it could not be started.
   * @param at when that was known (`process.hrtime.bigint()`)
   */
  gone(reason: string, at: bigint): void;
}

/** What it started may hold its pipes open for ever. */
const HEARD_WITHIN_MS = 100;

/** The end of what it wrote to its standard error that a message quotes. */
const LAST_WORDS = 300;

export class Program {
  readonly spec: ProgramSpec;
  readonly #child: ChildProcess;
  readonly #events: ProgramEvents;
  readonly #stderr: string;
  #exit: { readonly reason: string; readonly at: bigint } | undefined;
  #isGone = false;
  /** What it says after rubbish is no better. */
  #isMad = false;

  /** @param stderr the file that receives its standard error */
  constructor(spec: ProgramSpec, stderr: string, events: ProgramEvents) {
    this.spec = spec;
    this.#events = events;
    this.#stderr = stderr;
    mkdirSync(dirname(stderr), { recursive: true });
    const file = openSync(stderr, "a");
    // The shell gives way to the command, so that a signal reaches that.
    const [name, args] =
      spec.type === "file" ? [spec.file, spec.args] : ["/bin/sh", ["-c", `exec ${spec.command}`]];
    this.#child = spawn(name, args, { detached: true, stdio: ["pipe", "pipe", file] });
    closeSync(file);
    const { pid, stdin, stdout } = this.#child;
    this.#child.once("error", ({ message }) => this.#gone(`it cannot be started (${message})`));
    this.#child.once("exit", (code, signal) => {
      const reason = `its process has ended (${signal === null ? `exit code ${code}` : signal})`;
      this.#exit = { reason, at: process.hrtime.bigint() };
      this.#events.exited();
      setTimeout(() => this.#gone(reason), HEARD_WITHIN_MS);
    });
    this.#child.once("close", () => this.#gone(this.#exit?.reason ?? "its process has ended"));
    // It may end at any time.
    stdin?.on("error", () => undefined);
    if (stdout !== null) {
      onLines(stdout, (line) => this.#read(line), LONGEST_LINE);
      stdout.once("end", () => setTimeout(() => this.#silent(), HEARD_WITHIN_MS));
    }
    if (pid !== undefined) events.started(pid);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  say(instruction: Instruction): void {
    this.#child.stdin?.write(`${JSON.stringify(instruction)}\n`);
  }

  /** @param whole whether the signal is for all processes that it has started as well */
  signal(signal: NodeJS.Signals, whole: boolean): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#exit !== undefined) return;
    try {
      process.kill(whole ? -pid : pid, signal);
    } catch {
      // It has just ended.
    }
  }

  /** The end of what it has written to its standard error, for a message; empty if that is nothing. */
  get lastWords(): string {
    const text = endOfFile(this.#stderr, 4 * LAST_WORDS).trim();
    if (text === "") return "";
    return text.length <= LAST_WORDS ? text : `…${text.slice(-LAST_WORDS)}`;
  }

  #read(line: string): void {
    if (line.trim() === "" || this.#isMad) return;
    try {
      if (line.length > LONGEST_LINE)
        throw new Error(`it printed a line of more than ${LONGEST_LINE} characters`);
      this.#events.says(parseSaying(line));
    } catch (error) {
      this.#isMad = true;
      this.#events.rubbish(messageOf(error));
    }
  }

  /** Its output has ended; if it ends as well, that is said otherwise. */
  #silent(): void {
    if (this.#exit === undefined) this.#events.rubbish("it has closed its standard output, and goes on");
  }

  #gone(reason: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    if (this.lastWords === "") rmSync(this.#stderr, { force: true });
    this.#events.gone(reason, this.#exit?.at ?? process.hrtime.bigint());
  }
}

/** The end of a file that may be very long; empty if there is none. */
function endOfFile(path: string, bytes: number): string {
  if (!existsSync(path)) return "";
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const end = Buffer.alloc(Math.min(size, bytes));
    readSync(file, end, 0, end.length, size - end.length);
    return end.toString();
  } finally {
    closeSync(file);
  }
}

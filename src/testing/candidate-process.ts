/** The process of a {@link ProgramOptions candidate program}, from outside. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import type { ProgramMessage, ProgramOptions } from "./candidate-program.ts";
import { makeProgram } from "./program.ts";

const PATIENCE_MS = 15_000;
const LOOK_MS = 10;

/** From the clock that all processes share to `performance.now()` of this thread. */
const originMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

type MessageOf<T extends ProgramMessage["type"]> = Extract<ProgramMessage, { type: T }>;

export class CandidateProcess {
  readonly #child: ChildProcess;
  readonly #messages: ProgramMessage[] = [];

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null) throw new Error("its standard output is a pipe");
    createInterface({ input: child.stdout }).on("line", (line) => this.#messages.push(JSON.parse(line)));
  }

  /** @returns when it leads */
  static async start(folder: string, options: ProgramOptions): Promise<CandidateProcess> {
    const program = await makeProgram(
      join(folder, "candidate.cjs"),
      'import "./testing/candidate-program.ts";',
    );
    const child = spawn(process.execPath, [program, JSON.stringify(options)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const candidate = new CandidateProcess(child);
    await candidate.told("ready");
    return candidate;
  }

  /** Lets it stand still for so long, by its own doing. */
  freeze(ms: number): void {
    this.#child.stdin?.write(`${ms}\n`);
  }

  /** Lets it stand still until it is continued. */
  stop(): void {
    this.#child.kill("SIGSTOP");
  }

  continue(): void {
    this.#child.kill("SIGCONT");
  }

  /** The first message of a type that came, or comes. Its time is of the clock of `performance.now()`. */
  async told<T extends ProgramMessage["type"]>(type: T): Promise<MessageOf<T>> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = this.#messages.find((message): message is MessageOf<T> => message.type === type);
      if (found !== undefined) return "at" in found ? { ...found, at: found.at - originMs } : found;
      if (performance.now() > deadline)
        throw new Error(`never told ${type}, but ${JSON.stringify(this.#messages)}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.continue();
    const gone = once(this.#child, "exit");
    this.#child.stdin?.end();
    await gone;
  }
}

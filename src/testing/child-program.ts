/** Runs one of the programs here in a separate process, with messages in both directions, one per line. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { basename, join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { makeProgram } from "./program.ts";

const PATIENCE_MS = 60_000;

/** Keyed by file, so that each is made once. */
const bundles = new Map<string, Promise<string>>();

/** The offset from the clock that all processes share to `performance.now()` of this thread. */
const originMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** The time `at` of a message is sent by the system's monotonic clock, and converted to this thread's. */
interface Message {
  readonly type: string;
  readonly at?: number;
}

export class ChildProgram<M extends Message> {
  readonly #child: ChildProcess;
  readonly #messages: M[] = [];
  #arrived: () => void = () => undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null) throw new Error("its standard output is a pipe");
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.#messages.push(JSON.parse(line));
      this.#arrived();
    });
  }

  /**
   * @param program the name of its file here
   * @param flags for Node
   */
  static async start<M extends Message>(
    folder: string,
    program: string,
    options: unknown,
    flags: readonly string[] = [],
  ): Promise<ChildProgram<M>> {
    const file = join(folder, `${basename(program, ".ts")}.cjs`);
    bundles.set(file, bundles.get(file) ?? makeProgram(file, `import "./testing/${program}";`));
    await bundles.get(file);
    const args = ["--expose-gc", ...flags, file, JSON.stringify(options)];
    return new ChildProgram<M>(spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] }));
  }

  say(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Stops it until it is continued. */
  stop(): void {
    this.#child.kill("SIGSTOP");
  }

  /** @returns when it is gone */
  async kill(): Promise<void> {
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await gone;
  }

  continue(): void {
    this.#child.kill("SIGCONT");
  }

  /** The first message of a type that has come, or will come, and that nobody has taken before. */
  async told<T extends M["type"]>(type: T): Promise<Extract<M, { type: T }>> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const index = this.#messages.findIndex((message) => message.type === type);
      const [found] = index === -1 ? [] : this.#messages.splice(index, 1);
      if (found !== undefined) {
        const { at } = found;
        return (at === undefined ? found : { ...found, at: at - originMs }) as Extract<M, { type: T }>;
      }
      if (deadline.aborted) throw new Error(`never told ${type}, but ${JSON.stringify(this.#messages)}`);
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
        deadline.onabort = () => resolve();
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.continue();
    const gone = once(this.#child, "exit");
    this.#child.stdin?.end();
    await gone;
  }
}

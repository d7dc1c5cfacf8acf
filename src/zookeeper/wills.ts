/**
 * A will ends a session the moment its process is gone, so that a crash is as quick as a resignation. Without
 * one, the session outlives its process by up to its timeout and a tick, and with it the znode that says who
 * leads.
 *
 * Whoever keeps the will waits for the end of a pipe, or of a Unix socket, whose other end only the process
 * holds. The kernel closes that when the last thread of the process is gone, whatever has ended it, and not
 * before; or Node does, when a process ends by itself and its last line has run. So:
 *
 * - Nobody acts under the session's lease any more when it is ended. What the process had sent before may
 *   still arrive: only a fence guards against that, as ever.
 * - A process that is stopped, or stands still, keeps its end of the pipe open: nothing happens, and its
 *   session expires as usual. So it does if the keeper is killed, or stopped, or slow.
 * - Whatever else ends the connection says nothing. The keeper ends a session only when it has read that the
 *   other side has closed (estate.ts), and this side closes nothing once it has told a will.
 * - A process's number can be given to another one; none is used here.
 * - A child process that inherited the pipe would keep it open, and the will would wait for that. Node gives
 *   its own pipes to no child (they are closed on `exec`), and the keeper closes the sockets that it inherits
 *   itself.
 * - The session may have moved to another server: any server ends it, and the keeper asks one after the other,
 *   until one has said that it is over. A server that has taken the session over, and cannot close it, gives it
 *   another timeout to live.
 *
 * The end of a network connection says none of this: the other side may live, and be cut off. So a will is
 * kept on the same machine, and there is no way to keep it elsewhere. A worker thread may end while its
 * process lives, so it can leave no will.
 *
 * A will holds the session's password. It goes through the pipe only, to somebody who has said that it keeps
 * wills: never into an argument, the environment, a file or a log.
 *
 * Not promised: anything if the process closes file descriptors that are not its own, or if something between
 * it and the keeper's socket passes bytes on, and may end by itself. A core dump is written before the kernel
 * closes anything.
 */
import type { ChildProcess } from "node:child_process";
import { connect, type Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { isMainThread } from "node:worker_threads";
import { bundle } from "../package-root.ts";
import type { Will, WillOrder, WillReply } from "./estate.ts";
import { onLines } from "./lines.ts";

/** A keeper that has ended is replaced after this time: it may have been killed, and may be again. */
const AGAIN_AFTER_MS = 1000;
/** Even a busy machine has started a keeper by then. */
const READY_WITHIN_MS = 10_000;
/** A keeper that has not answered by then is stopped, and nobody waits for it. */
const KEPT_WITHIN_MS = 1000;

/** The Unix socket of a keeper that several processes share, or none for one of one's own. */
type Place = string | undefined;

/** Neither direction keeps this process alive. */
interface Line {
  readonly input: Writable;
  readonly output: Readable;
}

const executors = new Map<Place, Promise<Executor>>();

/**
 * Call this before the session is opened: a process that starts later inherits its socket.
 * @throws {RangeError} in a worker thread
 * @throws when the keeper cannot be started, or reached
 */
export function executorAt(place: Place): Promise<Executor> {
  if (!isMainThread)
    throw new RangeError(
      "will: a worker thread may end while its process lives; open the session in the main thread",
    );
  const known = executors.get(place);
  if (known !== undefined) return known;
  const executor = Executor.start(place);
  executors.set(place, executor);
  executor.catch(() => executors.delete(place));
  return executor;
}

export class Executor {
  readonly #place: Place;
  readonly #wills = new Map<number, Will>();
  readonly #waiting = new Map<number, () => void>();
  #line: Line | undefined;
  #numbers = 0;

  private constructor(place: Place) {
    this.#place = place;
  }

  static async start(place: Place): Promise<Executor> {
    const executor = new Executor(place);
    // Nothing else may keep this process alive yet.
    const patience = setTimeout(() => undefined, READY_WITHIN_MS);
    await executor.#begin().finally(() => clearTimeout(patience));
    return executor;
  }

  /**
   * Settles when the will is kept, or at once as long as there is nobody to keep it: later, somebody will.
   * @returns revokes it
   */
  async keep(content: Will): Promise<() => void> {
    const will = ++this.#numbers;
    this.#wills.set(will, content);
    if (this.#line !== undefined) {
      const kept = new Promise<void>((resolve) => this.#waiting.set(will, resolve));
      this.#say({ type: "keep", will, content });
      const patience = new AbortController();
      const { signal } = patience;
      await Promise.race([kept, delay(KEPT_WITHIN_MS, undefined, { signal }).catch(() => undefined)]);
      patience.abort();
      this.#waiting.delete(will);
    }
    return () => {
      if (this.#wills.delete(will)) this.#say({ type: "revoke", will });
    };
  }

  async #begin(): Promise<void> {
    const line = await (this.#place === undefined ? started() : connected(this.#place));
    line.input.on("error", () => undefined);
    line.output.on("error", () => undefined);
    await this.#ready(line).catch((error) => {
      // It keeps no will yet: later, nothing may close this end while the process lives.
      line.output.destroy();
      line.input.destroy();
      throw error;
    });
    line.output.once("close", () => this.#lose());
    this.#line = line;
    for (const [will, content] of this.#wills) this.#say({ type: "keep", will, content });
  }

  /** Settles when the keeper has said that it is there. */
  #ready({ output }: Line): Promise<void> {
    const who =
      this.#place === undefined ? "the process that is to keep it" : `whoever listens at ${this.#place}`;
    return new Promise((resolve, reject) => {
      const giveUp = (does: string) => {
        clearTimeout(patience);
        reject(new Error(`will: ${who} ${does}`));
      };
      const patience = setTimeout(() => giveUp(`says nothing for ${READY_WITHIN_MS} ms`), READY_WITHIN_MS);
      patience.unref();
      output.once("close", () => giveUp("hangs up"));
      onLines(output, (line) => {
        const reply = parseReply(line);
        switch (reply?.type) {
          case undefined:
            return giveUp("is no keeper of wills");
          case "ready":
            clearTimeout(patience);
            return resolve();
          case "kept":
            this.#waiting.get(reply.will)?.();
            return;
          default:
            reply satisfies never;
        }
      });
    });
  }

  /** The sessions live on as without wills, until there is a keeper again. */
  #lose(): void {
    this.#line = undefined;
    for (const go of this.#waiting.values()) go();
    this.#again();
  }

  #again(): void {
    setTimeout(() => this.#begin().catch(() => this.#again()), AGAIN_AFTER_MS).unref();
  }

  #say(order: WillOrder): void {
    this.#line?.input.write(`${JSON.stringify(order)}\n`);
  }
}

function parseReply(line: string): WillReply | undefined {
  try {
    const reply = JSON.parse(line) as Partial<WillReply> | null;
    return reply?.type === "ready" || reply?.type === "kept" ? (reply as WillReply) : undefined;
  } catch {
    return undefined;
  }
}

/** A keeper of this process's own, in a session of its own, where no signal for this one reaches it. */
async function started(): Promise<Line> {
  // Threads, which leave no will, load this file as well.
  const { spawn } = await import("node:child_process");
  const keeper: ChildProcess = spawn(process.execPath, [...KEEPER_FLAGS, bundle("will-keeper.cjs")], {
    cwd: "/",
    detached: true,
    env: {},
    stdio: ["pipe", "pipe", "ignore"],
  });
  await new Promise<void>((resolve, reject) => {
    keeper.once("spawn", resolve);
    keeper.once("error", (cause) =>
      reject(
        new Error(`will: the process that is to keep it cannot be started (${cause.message})`, { cause }),
      ),
    );
  });
  const { stdin, stdout } = keeper;
  if (stdin === null || stdout === null) throw new Error("a keeper has pipes");
  keeper.unref();
  for (const stream of [stdin, stdout]) (stream as unknown as Socket).unref();
  return { input: stdin, output: stdout };
}

/** It holds little, and does little. */
const KEEPER_FLAGS = ["--max-old-space-size=32", "--max-semi-space-size=1", "--single-threaded"];

async function connected(path: string): Promise<Line> {
  const socket = connect(path);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", (cause) =>
      reject(
        new Error(
          `will: nobody keeps wills at ${path} (${cause.message}); start zk-election-lab will --socket ${path}`,
          { cause },
        ),
      ),
    );
  });
  socket.unref();
  return { input: socket, output: socket };
}

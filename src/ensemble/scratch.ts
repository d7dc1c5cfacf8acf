/**
 * The folder for a run's temporary files, and the processes that the run starts: a keeper process owns both
 * (see keeper.ts), so that neither outlives the lab, however it ends.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve as resolvePath } from "node:path";
import { createInterface } from "node:readline";
import { bundle } from "../installation.ts";
import { LabError } from "../lab-error.ts";
import { messageOf } from "../thrown.ts";
import { NO_CODE, permitsCode } from "../zookeeper/code-folder.ts";
import { childEnvironment } from "./child-environment.ts";
import type { HookCall } from "./hook-calls.ts";
import type { Message, Order, ServerOrder } from "./keeper.ts";

/** A server's process, as the keeper reports it. */
export interface Run {
  /** Never settles if it could not be started at all. */
  readonly pid: Promise<number>;
  /** Settles when it ends, with the reason. */
  readonly exited: Promise<string>;
}

/** What is left of a run after its end; all zero if it cleaned up. */
export interface ScratchRemains {
  readonly files: number;
  readonly processes: number;
}

export class Scratch {
  readonly folder: string;
  readonly #keeper: ChildProcess;
  readonly #gone: Promise<void>;
  readonly #pids = new Set<number>();
  /** The callbacks that wait for a server's start and its end, by the server's number. */
  readonly #started = new Map<number, (pid: number) => void>();
  readonly #exited = new Map<number, (reason: string) => void>();
  /** The callbacks that wait for the end of a call, by the call's number. */
  readonly #called = new Map<number, (failure: string | null) => void>();
  #servers = 0;
  #calls = 0;

  private constructor(folder: string, keeper: ChildProcess) {
    this.folder = folder;
    this.#keeper = keeper;
    if (keeper.pid !== undefined) this.#pids.add(keeper.pid);
    this.#gone = new Promise((resolve) => keeper.once("exit", () => resolve()));
    keeper.stdin?.on("error", () => undefined);
    if (keeper.stdout === null) return;
    createInterface({ input: keeper.stdout }).on("line", (line) => {
      const message = JSON.parse(line) as Message;
      switch (message.type) {
        case "started":
          this.#pids.add(message.pid);
          this.#started.get(message.server)?.(message.pid);
          return;
        case "exited":
          this.#exited.get(message.server)?.(message.reason);
          return;
        case "called":
          this.#called.get(message.call)?.(message.failure);
          return;
        default:
          message satisfies never;
      }
    });
  }

  /** @throws {LabError} `unavailable` if there is no room for temporary files */
  static async create(): Promise<Scratch> {
    const folder = await temporaryFolder();
    // The keeper is detached: in a separate session, where the terminal's Ctrl-C and hang-up do not reach it.
    const keeper = spawn(process.execPath, [bundle("keeper.cjs"), folder], {
      detached: true,
      env: childEnvironment(),
      stdio: ["pipe", "pipe", "inherit"],
    });
    const scratch = new Scratch(folder, keeper);
    await new Promise<void>((resolve, reject) => {
      keeper.once("spawn", resolve);
      keeper.once("error", (cause) =>
        reject(
          new LabError(
            "unavailable",
            `the process that keeps the lab's servers cannot be started (${cause.message}); raise the limit on ` +
              "processes (ulimit -u, or a container's --pids-limit), or free some memory",
            { cause },
          ),
        ),
      );
    }).catch(async (error) => {
      await rm(folder, { recursive: true, force: true });
      throw error;
    });
    return scratch;
  }

  /** @throws {LabError} `unavailable` if no thread could load the native client from here */
  checkCode(): void {
    if (!permitsCode(this.folder)) throw new LabError("unavailable", `${dirname(this.folder)} ${NO_CODE}`);
  }

  /** Starts a server. */
  run(order: Omit<ServerOrder, "type" | "server">): Run {
    const server = ++this.#servers;
    const pid = new Promise<number>((resolve) => this.#started.set(server, resolve));
    const exited = new Promise<string>((resolve) => this.#exited.set(server, resolve));
    this.#tell({ ...order, type: "server", server });
    return { pid, exited };
  }

  /**
   * Strikes a server that is not the run's own. If nobody undoes that, the keeper does.
   * @returns why it failed; `null` if it is done
   */
  call(order: HookCall): Promise<string | null> {
    const call = ++this.#calls;
    const called = new Promise<string | null>((resolve) => this.#called.set(call, resolve));
    this.#tell({ ...order, type: "call", call });
    const gone = this.#gone.then(() => "the process that calls it is gone");
    return Promise.race([called, gone]);
  }

  /** Call this after the end. */
  remains(): ScratchRemains {
    return {
      files: existsSync(this.folder) ? 1 : 0,
      processes: [...this.#pids].filter(isAlive).length,
    };
  }

  #tell(order: Order): void {
    this.#keeper.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#keeper.stdin?.end();
    await this.#gone;
    // The keeper has done this, unless somebody killed it.
    for (const pid of this.#pids) if (isAlive(pid)) process.kill(pid, "SIGKILL");
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function temporaryFolder(): Promise<string> {
  const parent = resolvePath(tmpdir());
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(parent, "zk-election-lab-"));
    // A full disk shows here, not after the start.
    const probe = join(folder, "probe");
    await writeFile(probe, "x".repeat(4096));
    await rm(probe);
    return folder;
  } catch (cause) {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    throw new LabError(
      "unavailable",
      `${parent}: temporary files cannot be written there (${messageOf(cause)}); set TMPDIR to another folder`,
      { cause },
    );
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * The folder for a run's temporary files, and the processes that the run starts: a keeper process owns both
 * (see keeper.ts), so that neither outlives the lab, however it ends. If the keeper goes first, the lab ends
 * them.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve as resolvePath } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { LabError } from "../lab-error.ts";
import { bundle } from "../package-root.ts";
import { messageOf } from "../thrown.ts";
import { NO_CODE, permitsCode } from "../zookeeper/code-folder.ts";
import { childEnvironment } from "./child-environment.ts";
import { liftLimit, removeGroup } from "./control-group.ts";
import type { HookCall } from "./hook-calls.ts";
import type { Message, Order, ServerOrder } from "./keeper.ts";

/** A server's process, as the keeper reports it. */
export interface Run {
  /** Never settles if it could not be started at all. */
  readonly pid: Promise<number>;
  /** Settles when it ends, with the reason, or when the keeper is gone. */
  readonly exited: Promise<string>;
}

/** What is left of a run after its end; all zero if it cleaned up. */
export interface ScratchRemains {
  readonly files: number;
  readonly processes: number;
}

/** A killed process that takes longer to go counts as left behind. */
const GONE_WITHIN_MS = 2000;
const LOOK_EVERY_MS = 20;

export class Scratch {
  readonly folder: string;
  readonly #keeper: ChildProcess;
  /** Settles when the keeper has ended and all that it said is heard, with the reason for whoever waits. */
  readonly #gone: Promise<string>;
  readonly #pids = new Set<number>();
  /** The servers' control groups. */
  readonly #groups = new Set<string>();
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
    this.#gone = new Promise((resolve) =>
      keeper.once("close", (code, signal) => {
        if (code !== 0) this.#killServers();
        resolve(`the process that keeps the lab's servers is gone (${signal ?? `exit code ${code}`})`);
      }),
    );
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
    if (order.group !== undefined) this.#groups.add(order.group);
    this.#tell({ ...order, type: "server", server });
    return { pid, exited: Promise.race([exited, this.#gone]) };
  }

  /**
   * Strikes a server that is not the run's own. If nobody undoes that, the keeper does.
   * @returns why it failed; `null` if it is done
   */
  call(order: HookCall): Promise<string | null> {
    const call = ++this.#calls;
    const called = new Promise<string | null>((resolve) => this.#called.set(call, resolve));
    this.#tell({ ...order, type: "call", call });
    return Promise.race([called, this.#gone]);
  }

  /** The process group of a process that the lab has started ends with the lab, however that ends. */
  guard(pid: number): void {
    this.#pids.add(pid);
    this.#tell({ type: "guard", pid });
  }

  /** The process has ended. */
  unguard(pid: number): void {
    this.#tell({ type: "unguard", pid });
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

  /** They are in the group of their keeper, also those of which it could not tell any more. */
  #killServers(): void {
    const { pid } = this.#keeper;
    if (pid === undefined) return;
    // Whoever waits for a slow disk cannot be killed.
    for (const group of this.#groups) liftLimit(group);
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It had none.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#keeper.stdin?.end();
    await this.#gone;
    // The keeper has done the rest, unless somebody killed it.
    const deadline = performance.now() + GONE_WITHIN_MS;
    while (!this.#areGone() && performance.now() < deadline) await delay(LOOK_EVERY_MS);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Removes the control groups that are empty. A group is not before the last thread in it has ended. */
  #areGone(): boolean {
    for (const group of this.#groups) removeGroup(group);
    return ![...this.#pids].some(isAlive) && ![...this.#groups].some((group) => existsSync(group));
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

/** A process that has ended counts as gone even if nobody collects it, as in a container without an init. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    // Only Linux has this file.
    return process.platform !== "linux";
  }
}

/** Processes with sessions and wills, and what an onlooker sees of them. */
import { readdirSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import type { SessionIdentity } from "../zookeeper/native-session.ts";
import type { Session } from "../zookeeper/session.ts";
import { ChildProgram } from "./child-program.ts";
import type { WillProgramMessage, WillProgramOptions, WillProgramOrder } from "./will-program.ts";

const LOOK_EVERY_MS = 10;
/** Far more than anything here takes. */
const PATIENCE_MS = 60_000;

export class Willed {
  readonly #program: ChildProgram<WillProgramMessage>;
  pid = 0;

  private constructor(program: ChildProgram<WillProgramMessage>) {
    this.#program = program;
  }

  static async start(folder: string, options: WillProgramOptions): Promise<Willed> {
    return new Willed(await ChildProgram.start(folder, "will-program.ts", options));
  }

  async open(znode: string, will?: false): Promise<SessionIdentity> {
    this.say({ type: "open", znode, ...(will === false && { will }) });
    const { identity, pid } = await this.told("opened");
    this.pid = pid;
    return identity;
  }

  async close(znode: string): Promise<void> {
    this.say({ type: "close", znode });
    await this.told("closed");
  }

  say(order: WillProgramOrder): void {
    this.#program.say(JSON.stringify(order));
  }

  told<T extends WillProgramMessage["type"]>(type: T) {
    return this.#program.told(type);
  }

  kill(): Promise<void> {
    return this.#program.kill();
  }

  stop(): void {
    this.#program.stop();
  }

  continue(): void {
    this.#program.continue();
  }

  /** The process that keeps its wills, if there is one. */
  async keeper(): Promise<number | undefined> {
    const { stdout } = await execa("ps", ["-A", "-ww", "-o", "pid=,ppid=,stat=,args="]);
    const lines = stdout.split("\n").map((line) => line.trim().split(/\s+/));
    const found = lines.find(
      ([, parent, stat = "", ...args]) =>
        Number(parent) === this.pid && !stat.startsWith("Z") && args.join(" ").includes("will-keeper"),
    );
    return found === undefined ? undefined : Number(found[0]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#program[Symbol.asyncDispose]();
  }
}

export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`);
    await delay(LOOK_EVERY_MS);
  }
}

/** @returns the time until all the znodes are gone */
export async function goneAfter(onlooker: Session, ...znodes: readonly string[]): Promise<number> {
  const since = performance.now();
  for (const znode of znodes)
    await until(`${znode} is gone`, async () => (await onlooker.exists(znode)) === undefined);
  return performance.now() - since;
}

export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** What a process has open besides its standard streams. */
export function openFiles(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`)
    .filter((number) => Number(number) > 2)
    .map((number) => readlinkSync(`/proc/${pid}/fd/${number}`));
}

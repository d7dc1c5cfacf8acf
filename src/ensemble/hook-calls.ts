/**
 * Calls the command that strikes servers which are not the run's own. The keeper does that: a child of the lab
 * would inherit the sockets of its sessions, and the keeper still undoes what was done to a server when the lab
 * is gone.
 */
import { spawn } from "node:child_process";

/** `check` does nothing: it tells whether the command could do the others. */
export type HookAction = "check" | "kill" | "start" | "pause" | "resume";

export interface HookCall {
  /** A line for a shell. */
  readonly hook: string;
  readonly action: HookAction;
  /** `host:port` */
  readonly server: string;
  readonly withinMs: number;
}

/** What is left of a failed call's errors. */
const LAST_WORDS = 500;
/** A program that the command has left running may keep its errors open. */
const REST_WITHIN_MS = 200;

export class HookCalls {
  readonly #running = new Set<Promise<unknown>>();
  /** What undoes the last strike, by server. */
  readonly #owed = new Map<string, HookCall>();

  /** @returns why it failed; `null` if it is done */
  async run(call: HookCall): Promise<string | null> {
    const { action, server } = call;
    // It may have its effect although it fails.
    if (action === "kill") this.#owed.set(server, { ...call, action: "start" });
    if (action === "pause") this.#owed.set(server, { ...call, action: "resume" });
    const running = failureOf(call);
    this.#running.add(running);
    const failure = await running;
    this.#running.delete(running);
    if (failure === null && this.#owed.get(server)?.action === action) this.#owed.delete(server);
    return failure;
  }

  /**
   * Undoes what nobody has undone.
   * @returns a sentence for each server that stays as it is
   */
  async settle(): Promise<string[]> {
    await Promise.all(this.#running);
    const undone = [...this.#owed.values()].map(async (call) => ({ call, failure: await this.run(call) }));
    return (await Promise.all(undone)).flatMap(({ call: { hook, action, server }, failure }) =>
      failure === null
        ? []
        : `--server-hook: ${action} ${server} failed (${failure}), so it stays struck; do it by hand: ${hook} ${action} ${server}`,
    );
  }
}

function failureOf({ hook, action, server, withinMs }: HookCall): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn("sh", ["-c", `${hook} "$@"`, "sh", action, server], {
      // A group of its own, which ends as a whole.
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let words = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      words = `${words}${text}`.slice(-LAST_WORDS);
    });
    const late = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      child.stderr.destroy();
      settle(`it took longer than ${withinMs} ms`);
    }, withinMs);
    const settle = (failure: string) => {
      clearTimeout(late);
      resolve(words.trim() === "" ? failure : `${failure}: ${words.trim()}`);
    };
    child.on("error", ({ message }) => settle(message));
    child.on("exit", (code, signal) => {
      if (code === 0) {
        clearTimeout(late);
        resolve(null);
        return;
      }
      const said = () => settle(signal ?? `exit code ${code}`);
      setTimeout(said, REST_WITHIN_MS);
      child.stderr.once("close", said);
    });
  });
}

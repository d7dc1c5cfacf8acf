/** `--server-hook`: a user's command that strikes the servers of the user's own ensemble. */
import { LabError } from "../lab-error.ts";
import { type Address, hostAndPort } from "../zookeeper/connect-string.ts";
import type { Controls } from "./controls.ts";
import { ask, versionOf } from "./four-letter-word.ts";
import type { HookAction } from "./hook-calls.ts";
import type { Scratch } from "./scratch.ts";

/** A command may have to log in somewhere, or to wait for a supervisor. */
const WITHIN_MS = 30_000;

export class ServerHook {
  readonly #scratch: Pick<Scratch, "call">;
  readonly #hook: string;
  readonly #withinMs: number;

  constructor(scratch: Pick<Scratch, "call">, hook: string, withinMs = WITHIN_MS) {
    this.#scratch = scratch;
    this.#hook = hook;
    this.#withinMs = withinMs;
  }

  controlsOf(server: Address): Controls {
    return {
      kill: () => this.#call("kill", server),
      restart: () => this.#call("start", server),
      pause: () => this.#call("pause", server),
      resume: () => this.#call("resume", server),
    };
  }

  /**
   * Tells whether faults can strike these servers, before anything is struck.
   * @throws {LabError} `unavailable`, if not
   */
  async check(servers: readonly Address[]): Promise<void> {
    for (const server of servers) {
      const name = hostAndPort(server);
      if (versionOf(await ask(server, "srvr").catch(() => "")) === undefined)
        throw new LabError("unavailable", `--server-hook: ${name} does not serve; start it, or its ensemble`);
      // Faults have to find the server of a session.
      if (!/^\s*\//m.test(await ask(server, "cons").catch(() => "")))
        throw new LabError(
          "unavailable",
          `--server-hook: ${name} does not permit cons; add it to its 4lw.commands.whitelist`,
        );
    }
    await Promise.all(servers.map((server) => this.#call("check", server)));
  }

  /** @throws {LabError} `unavailable`, with the command's own last words */
  async #call(action: HookAction, server: Address): Promise<void> {
    const call = { hook: this.#hook, action, server: hostAndPort(server), withinMs: this.#withinMs };
    const failure = await this.#scratch.call(call);
    if (failure === null) return;
    throw new LabError(
      "unavailable",
      `--server-hook: ${action} ${call.server}: ${failure}; try it by hand: ${this.#hook} ${action} ${call.server}`,
    );
  }
}

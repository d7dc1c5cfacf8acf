/** One process of a service that leads: its output, whether it works while it leads, and how it ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** The observed behaviour of all instances together. Times are in milliseconds. */
export interface Conduct {
  writes: number;
  terms: number;
  /** The longest time in which a running leader did not work. */
  longestIdleMs: number;
  /** The time from SIGTERM to the end, for each. */
  readonly shutdownsMs: number[];
  /** The last time that any instance worked, and the longest time in which none did. */
  workedAt: number;
  longestGapMs: number;
  /** Descriptions of forbidden behaviour. */
  readonly faults: string[];
}

export class ServiceInstance {
  readonly name: string;
  readonly #conduct: Conduct;
  readonly #child: ChildProcess;
  readonly #gone: Promise<unknown>;
  readonly #errors: string[] = [];
  #state: "waits" | "leads" = "waits";
  #workedAt = 0;
  /** When it was stopped, and for how long in total since it last worked. */
  #stoppedAt: number | undefined;
  #stoppedMs = 0;
  #expected: "runs" | "ends" | "is killed" = "runs";

  constructor(name: string, program: string, conduct: Conduct) {
    this.name = name;
    this.#conduct = conduct;
    this.#child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "pipe"] });
    this.#gone = once(this.#child, "exit").then(([code, signal]) => this.#exited(code, signal));
    if (this.#child.stdout !== null)
      createInterface({ input: this.#child.stdout }).on("line", (line) => this.#said(line));
    this.#child.stderr?.on("data", (text) => this.#errors.push(String(text)));
  }

  get runs(): boolean {
    return this.#expected === "runs" && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  stop(): void {
    this.#child.kill("SIGSTOP");
    this.#stoppedAt = performance.now();
  }

  continue(): void {
    if (this.#stoppedAt === undefined) return;
    this.#stoppedMs += performance.now() - this.#stoppedAt;
    this.#stoppedAt = undefined;
    this.#child.kill("SIGCONT");
  }

  /** @returns when it is gone */
  async kill(): Promise<void> {
    this.#expected = "is killed";
    this.#reckonIdle();
    this.#child.kill("SIGKILL");
    await this.#gone;
  }

  /**
   * Ends it as an orchestrator would.
   * @returns when it has ended, or has been killed because it did not
   */
  async terminate(withinMs: number): Promise<void> {
    this.#expected = "ends";
    this.#state = "waits";
    const startedAt = performance.now();
    this.#child.kill("SIGTERM");
    const late = setTimeout(() => {
      this.#conduct.faults.push(`${this.name} did not end within ${withinMs} ms of SIGTERM`);
      this.#child.kill("SIGKILL");
    }, withinMs);
    await this.#gone;
    clearTimeout(late);
    this.#conduct.shutdownsMs.push(performance.now() - startedAt);
  }

  #said(line: string): void {
    const now = performance.now();
    const conduct = this.#conduct;
    if (line === "wrote") {
      this.#reckonIdle();
      conduct.writes++;
      conduct.longestGapMs = Math.max(conduct.longestGapMs, now - conduct.workedAt);
      conduct.workedAt = now;
    } else if (line.startsWith("leads with token")) {
      conduct.terms++;
      this.#state = this.runs ? "leads" : "waits";
      this.#worked(now);
    } else if (line.startsWith("leads no longer")) {
      this.#reckonIdle();
      this.#state = "waits";
    }
  }

  #worked(now: number): void {
    this.#workedAt = now;
    this.#stoppedMs = 0;
  }

  #reckonIdle(): void {
    const now = performance.now();
    const standingMs = this.#stoppedMs + (this.#stoppedAt === undefined ? 0 : now - this.#stoppedAt);
    if (this.#state === "leads") {
      const idleMs = now - this.#workedAt - standingMs;
      this.#conduct.longestIdleMs = Math.max(this.#conduct.longestIdleMs, idleMs);
    }
    this.#worked(now);
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    const errors = this.#errors.join("");
    // Nobody can open a session while no server answers: its supervisor starts it again.
    const unopened = /ConnectTimeout/.test(errors);
    // The program has not yet set its handler for SIGTERM.
    const early = signal === "SIGTERM" && this.#expected === "ends";
    if (this.#expected === "is killed" || unopened || early || (this.#expected === "ends" && code === 0))
      return;
    this.#conduct.faults.push(`${this.name} ended with ${code ?? signal}: ${errors.trim() || "silently"}`);
  }
}

/** What a run keeps of a trial while it runs: the account of it, and its part of the history's file. */
import type { Environment, TrialResult } from "../export/result.ts";
import { ExplainedWindows } from "../history/explained-windows.ts";
import type { TrialHeader } from "../history/header.ts";
import type { Ending } from "../history/history.ts";
import { type Told, tell } from "../history/told.ts";
import type { RunFolder } from "./run-folder.ts";
import { TrialAccount } from "./trial-result.ts";

export class Ledger {
  readonly #header: TrialHeader;
  readonly #folder: RunFolder;
  readonly #account: TrialAccount;
  readonly #windows: ExplainedWindows;
  #file: { readonly state: "new" | "begun" } | { readonly state: "lost"; readonly error: unknown } = {
    state: "new",
  };

  constructor(header: TrialHeader, folder: RunFolder) {
    this.#header = header;
    this.#folder = folder;
    this.#account = new TrialAccount(header);
    this.#windows = new ExplainedWindows(this.#account);
  }

  /** The median of the failovers whose windows are over, in milliseconds. */
  get p50(): number | undefined {
    return this.#account.p50;
  }

  /** Takes over the next part. If the file cannot be written to, the account goes on. */
  async hear(told: readonly Told[]): Promise<void> {
    tell(told, this.#windows);
    await this.#write(() => this.#folder.continueHistory(this.#header.trial, told));
  }

  /** The result, when all is told. Call this once. */
  result(ending: Ending, seed: number, environment: Environment): TrialResult {
    this.#windows.end();
    return this.#account.result(ending, seed, environment);
  }

  /**
   * Completes the history's file.
   * @throws {LabError} `io` when it does not have the whole trial
   */
  async close(ending: Ending): Promise<void> {
    await this.#write(() => this.#folder.endHistory(this.#header.trial, ending));
    if (this.#file.state === "lost") throw this.#file.error;
  }

  async #write(next: () => Promise<void>): Promise<void> {
    if (this.#file.state === "lost") return;
    try {
      if (this.#file.state === "new") await this.#folder.beginHistory(this.#header);
      this.#file = { state: "begun" };
      await next();
    } catch (error) {
      this.#file = { state: "lost", error };
    }
  }
}

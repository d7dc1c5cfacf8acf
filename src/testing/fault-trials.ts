/** Trials of faults, for their tests: one after the other on the same servers. */
import { expect } from "vitest";
import { type SchemeName, schemes } from "../election/schemes.ts";
import { type LocalEnsemble, type LocalOptions, startLocal } from "../ensemble/local.ts";
import type { LocalMembers } from "../ensemble/local-members.ts";
import { Scratch } from "../ensemble/scratch.ts";
import type { Fault } from "../faults/fault.ts";
import { defaultConditions } from "../history/conditions.ts";
import type { EventOf } from "../history/event.ts";
import type { History } from "../history/history.ts";
import type { Host } from "../history/host.ts";
import { runWhole } from "../run/whole-trials.ts";
import { expectJudgedValid } from "./verdicts.ts";

export interface FaultConditions {
  readonly candidates: number;
  readonly sessionTimeoutMs: number;
  /** @default 1 */
  readonly failovers?: number;
  /** @default "thread" */
  readonly host?: Host;
}

export interface FaultTrial {
  readonly fault: Fault;
  /** @default "heir", which has most to lose */
  readonly scheme?: SchemeName;
}

/** Claims until all have settled for the last time: while the candidates close, others may still claim. */
export function settledClaims({ events }: History): readonly EventOf<"claimed">[] {
  const settled = events.findLast((event) => event.type === "settled");
  if (settled === undefined) throw new Error("the candidates have not settled");
  return events.filter((event) => event.type === "claimed").filter(({ at }) => at < settled.at);
}

export class FaultTrials {
  readonly #scratch: Scratch;
  readonly #ensemble: LocalEnsemble;
  #trials = 0;

  private constructor(scratch: Scratch, ensemble: LocalEnsemble) {
    this.#scratch = scratch;
    this.#ensemble = ensemble;
  }

  /** @param options with the name of the run's top znode; nothing is synced to disk by default */
  static async open(
    options: Partial<Pick<LocalOptions, "fsync">> & Omit<LocalOptions, "fsync">,
  ): Promise<FaultTrials> {
    const scratch = await Scratch.create();
    try {
      return new FaultTrials(scratch, await startLocal(scratch, { fsync: false, ...options }));
    } catch (error) {
      await scratch[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The trial is completed, and all verdicts on it are valid. */
  async run(
    fault: Fault,
    { scheme = "heir", ...conditions }: FaultConditions & Pick<FaultTrial, "scheme">,
  ): Promise<History> {
    const [history] = await this.runAll([{ fault, scheme }], conditions);
    if (history === undefined) throw new Error("a trial has a history");
    return history;
  }

  /** Runs trials one after the other with the same candidates. Each is completed, with valid verdicts only. */
  async runAll(
    trials: readonly FaultTrial[],
    { failovers = 1, ...conditions }: FaultConditions,
  ): Promise<History[]> {
    const histories = await runWhole(
      this.#ensemble,
      trials.map(({ fault, scheme = "heir" }) => ({
        ...defaultConditions,
        ...conditions,
        ...{ trial: ++this.#trials, failovers, electionName: fault.name, fault },
        ...{ scheme: schemes[scheme], schemeSource: { name: scheme } },
        ...{ scratch: this.#scratch, origin: process.hrtime.bigint() },
      })),
    );
    for (const history of histories) {
      const { fault, scheme } = history.header;
      expect(history.observations?.end, `${fault}, ${scheme}`).toEqual({ state: "completed" });
      expectJudgedValid(history);
    }
    return histories;
  }

  get members(): LocalMembers {
    return this.#ensemble.members;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ensemble.close();
    await this.#scratch[Symbol.asyncDispose]();
  }
}

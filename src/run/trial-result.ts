/**
 * Record, then fold: a trial's figures, verdicts and warnings are computed only from its history and the run's
 * seed and environment. So a saved history gives the same results.
 */
import { median } from "simple-statistics";
import { type CheckerName, judgementOf } from "../checkers/checkers.ts";
import type { TrialJudgement } from "../checkers/trial-judgement.ts";
import { type Environment, RESULT_SCHEMA, type Result, type TrialResult } from "../export/result.ts";
import { groupOf } from "../faults/fault-group.ts";
import { faultNamed } from "../faults/faults.ts";
import type { Circumstances } from "../history/circumstances.ts";
import { conditionsOf } from "../history/conditions.ts";
import { parseDelay } from "../history/delay.ts";
import type { Event } from "../history/event.ts";
import { explain, type WindowListener } from "../history/explained-windows.ts";
import type { TrialHeader } from "../history/header.ts";
import type { Ending, History } from "../history/history.ts";
import type { TrialEnd } from "../history/observations.ts";
import { commonExpectation, type Strike } from "../history/strike.ts";
import { chronicleOf } from "../history/told.ts";
import type { Window } from "../history/window.ts";
import { analyse } from "../metrics/analysis.ts";
import { Service } from "../metrics/ensemble-record.ts";
import { Failovers, serverCountsOf } from "../metrics/failover.ts";
import { Lapses } from "../metrics/lapses.ts";
import { summariseTrial } from "../metrics/summary.ts";
import { predict } from "../metrics/theory.ts";
import type { Threshold } from "../metrics/threshold.ts";
import { checkThreshold } from "../metrics/threshold-check.ts";
import { warningsOf } from "../metrics/warning.ts";

/** Follows a trial as it is told, and keeps what its result is computed from. */
export class TrialAccount implements WindowListener {
  readonly #header: TrialHeader;
  readonly #strikes: Strike[] = [];
  readonly #judgement: TrialJudgement<CheckerName>;
  readonly #failovers: Failovers;
  readonly #lapses = new Lapses();
  readonly #service = new Service();
  /** The failovers in which servers were struck. */
  readonly #onServers = new Set<number>();

  constructor(header: TrialHeader) {
    this.#header = header;
    this.#judgement = judgementOf(header);
    this.#failovers = new Failovers(header.counter);
  }

  strike(strike: Strike): void {
    this.#strikes.push(strike);
    this.#judgement.strike(strike);
  }

  event(event: Event): void {
    this.#judgement.event(event);
    this.#failovers.event(event);
    this.#lapses.event(event);
    this.#service.event(event);
    const failover = this.#strikes.at(-1)?.failover;
    if (event.type === "server" && failover !== undefined) this.#onServers.add(failover);
  }

  window(window: Window, circumstances: Circumstances, until?: number): void {
    this.#judgement.window(window, circumstances, until);
    this.#failovers.window(window, circumstances, until);
  }

  /** The median of the failovers whose windows are over, in milliseconds. */
  get p50(): number | undefined {
    const { totalsMs } = this.#failovers;
    return totalsMs.length === 0 ? undefined : median(totalsMs);
  }

  /** When all is told. */
  result(ending: Ending, seed: number, environment: Environment): TrialResult {
    const { trial, scheme, sessionTimeoutMs, servers, counter } = this.#header;
    const { observations } = ending;
    const end: TrialEnd = observations?.end ?? {
      state: "errored",
      reason: "the history does not say how it ended",
    };
    const serverTroubles = observations?.serverTroubles ?? [];
    const failovers = this.#failovers.found(observations);
    const summary = summariseTrial(failovers, seed);
    const { tickTimeMs } = environment.server;
    const expects = commonExpectation(this.#strikes);
    const [granted = sessionTimeoutMs, ...others] = observations?.grantedTimeoutsMs ?? [];
    // If candidates were granted different session timeouts, theory has none that holds for all.
    const { silentMs: planned = null } = expects ?? {};
    const silentMs = others.length === 0 && planned === sessionTimeoutMs ? granted : planned;
    const prediction =
      expects &&
      predict(
        {
          expects: { ...expects, silentMs },
          ...{ tickTimeMs, servers, delay: parseDelay(this.#header.delay) },
        },
        failovers,
      );
    return {
      trial,
      scheme,
      ...conditionsOf(this.#header),
      expects: expects && { leader: expects.leader, silentMs: expects.silentMs },
      counter,
      state: end.state,
      ...(end.state !== "completed" && { reason: end.reason }),
      ...(end.state === "errored" && end.blame !== undefined && { blame: end.blame }),
      network: observations?.network ?? null,
      enrolment: observations?.enrolment ?? null,
      ...(observations?.crowd && { crowd: observations.crowd }),
      ensemble: this.#service.record(observations?.roles ?? []),
      failovers,
      summary,
      verdicts: this.#judgement.verdicts(ending),
      prediction,
      warnings: warningsOf({
        failovers,
        summary,
        prediction,
        busyMs: failovers.map(({ busyMs }) => busyMs),
        disconnects: failovers.flatMap(({ failover, disconnects }) =>
          disconnects > 0 && !this.#strikesServers(failover) ? failover : [],
        ),
        lapses: this.#lapses.failovers,
        serverTroubles,
        embedded: environment.server.embedded,
        impossibleCounts: serverCountsOf(failovers, observations).impossible,
        measured: failovers.filter(({ end }) => end === "settled").length,
        sessionTimeoutMs,
        grantedTimeoutsMs: observations?.grantedTimeoutsMs ?? [],
        foreignCpuShare: observations?.foreignCpuShare ?? null,
        clockCostNs: environment.clockCostNs,
      }),
    };
  }

  /** Then others lose their connections as well. */
  #strikesServers(failover: number): boolean {
    const strike = this.#strikes.find((one) => one.failover === failover);
    // Histories of 0.7.0 do not say which servers were struck.
    const fault = strike && faultNamed(strike.fault);
    return this.#onServers.has(failover) || (fault !== undefined && groupOf(fault) === "servers");
  }
}

/** That of a history that is there as a whole. */
export function trialResult(history: History, seed: number, environment: Environment): TrialResult {
  return explain(chronicleOf(history), new TrialAccount(history.header)).result(history, seed, environment);
}

/** The whole result, from its trials in any order. */
export function resultOf(
  run: Result["run"],
  environment: Environment,
  trials: readonly TrialResult[],
  thresholds: readonly Threshold[],
): Result {
  const inOrder = trials.toSorted((a, b) => a.trial - b.trial);
  return {
    ...{ schema: RESULT_SCHEMA, run, environment, trials: inOrder },
    analysis: analyse(inOrder, run.seed, environment.server.tickTimeMs),
    thresholds: thresholds.map((threshold) => checkThreshold(threshold, inOrder)),
  };
}

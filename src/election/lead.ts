/**
 * Leads the way a service needs it: a job works while this candidate leads, again and again, until it is told
 * to stop.
 *
 * - The job is started for each term, and has to end when its term does: the term's signal says so.
 * - A job that fails or returns while its term goes on gives the leadership to the next candidate: a leader
 *   that does nothing would hold up all others. This candidate joins again behind them, after a pause that
 *   grows with each consecutive failure.
 * - When it is told to stop, the term ends first, then the job gets a moment to end, and only then may the next
 *   candidate lead.
 *
 * Not promised: that a job which ignores its signal is stopped. While it runs, this candidate stands for no
 * other term.
 */
import { errorFrom } from "../thrown.ts";
import { pause, settledWithin } from "./connection.ts";
import type { ResignOptions } from "./election-options.ts";
import { LONGEST_TIMER_MS, type Runtime } from "./runtime.ts";
import type { Term } from "./term.ts";

/** A leader's work. It should end when `term.signal` is aborted, and check `term.valid` before each act. */
export type Job = (term: Term) => unknown;

export interface LeadOptions {
  /** Stops the job, and resigns, as `resign()` does. */
  readonly signal?: AbortSignal | undefined;
}

/** A job returned, or went on, when it should not have. */
export class JobOutOfStep extends Error {
  override readonly name = "JobOutOfStep";
}

/** The parts of an election that leading needs. */
export interface Leadership {
  readonly runtime: Runtime;
  terms(): AsyncGenerator<Term, void, undefined>;
  resign(options?: ResignOptions): Promise<void>;
  /** Reports a failure. */
  failed(error: Error, term: Term, pauseMs: number): void;
}

/** The time a job has to end after its term has ended. */
const GRACE_MS = 1000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/**
 * The pause after this many consecutive failures: random, between half of a bound that doubles and the bound.
 */
function pauseMsAfter(failures: number, random: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)) * (0.5 + random / 2);
}

/**
 * @param signal stops the job
 * @returns when it was stopped and the contender is gone
 * @throws {Error} the reason if the candidacy ends for good
 */
export async function lead(leadership: Leadership, job: Job, signal: AbortSignal): Promise<void> {
  const { runtime } = leadership;
  let work: Promise<Outcome> | undefined;
  const stop = () => {
    const after = settledWithin(runtime, work ?? Promise.resolve(), GRACE_MS);
    leadership.resign({ after }).catch(() => undefined);
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (let failures = 0; !signal.aborted; ) {
      const startedAt = runtime.now();
      const failure = await leadUntilFailure(leadership, (term) => {
        work = outcomeOf(job, term);
        return work;
      });
      if (failure === undefined || signal.aborted) break;
      failures = runtime.now() - startedAt > LONGEST_PAUSE_MS ? 1 : failures + 1;
      const pauseMs = pauseMsAfter(failures, runtime.random());
      leadership.failed(failure.error, failure.term, pauseMs);
      const ready = Promise.all([work, pause(runtime, pauseMs, signal)]);
      await settledWithin(runtime, ready, LONGEST_TIMER_MS, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    await leadership.resign();
  }
}

interface Failure {
  readonly error: Error;
  readonly term: Term;
}

type Outcome = { readonly type: "returned" } | { readonly type: "threw"; readonly error: Error };

async function outcomeOf(job: Job, term: Term): Promise<Outcome> {
  try {
    await job(term);
    return { type: "returned" };
  } catch (error) {
    return { type: "threw", error: errorFrom(error) };
  }
}

/** @returns why the candidate has resigned; `undefined` when somebody else called `resign()` */
async function leadUntilFailure(
  { runtime, terms, resign }: Leadership,
  start: (term: Term) => Promise<Outcome>,
): Promise<Failure | undefined> {
  for await (const term of terms()) {
    const error = await failureOf(runtime, term, start(term));
    if (error === undefined) continue;
    // During an outage this waits until the connection is back or the session is over: the session is needed
    // again.
    await resign({ timeoutMs: LONGEST_TIMER_MS });
    return { error, term };
  }
  return undefined;
}

/** Settles when the job and its term have both ended in step, or with the way in which they did not. */
async function failureOf(runtime: Runtime, term: Term, work: Promise<Outcome>): Promise<Error | undefined> {
  const first = await Promise.race([work, term.ended.then(() => "ended" as const)]);
  // The lease may have run out at this very moment, and the end is about to be reported.
  if (!(term.isOver || term.valid)) await settledWithin(runtime, term.ended, GRACE_MS);
  if (!term.isOver && first !== "ended")
    return first.type === "threw"
      ? first.error
      : new JobOutOfStep("the job returned while its term went on; the next candidate leads");
  if ((await settledWithin(runtime, work, GRACE_MS)) === "settled") return undefined;
  return new JobOutOfStep(
    `the job went on for ${GRACE_MS} ms after its term had ended; make it stop on term.signal`,
  );
}

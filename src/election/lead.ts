/**
 * Leading as a service needs it: a job that works while this candidate leads,
 * again and again, until it is told to stop.
 *
 * - The job is started for each term, and has to end when its term does: the term's signal tells it.
 * - A job that fails, or returns, while its term goes on gives the leadership to the next one: a
 *   leader that does nothing would hold up all others. This candidate joins again behind them, after a
 *   pause that grows with each failure in a row.
 * - When it is told to stop, the term ends first, then the job gets a moment to end,
 *   and only then may the next one lead.
 *
 * Not promised: that a job which ignores its signal is stopped. While it runs,
 * this candidate stands for no other term.
 */
import { errorFrom } from "../thrown.ts";
import { pause, settledWithin } from "./connection.ts";
import type { ResignOptions } from "./election-options.ts";
import { LONGEST_TIMER_MS, type Runtime } from "./runtime.ts";
import type { Term } from "./term.ts";

/**
 * What a leader does. It should end when `term.signal` is aborted, and look at `term.valid` before each act.
 */
export type Job = (term: Term) => unknown;

export interface LeadOptions {
  /** Stops the job, and resigns, as `resign()` does. */
  readonly signal?: AbortSignal | undefined;
}

/** A job that returned, or went on, when it should not have. */
export class JobOutOfStep extends Error {
  override readonly name = "JobOutOfStep";
}

/** What it needs of an election. */
export interface Leadership {
  readonly runtime: Runtime;
  terms(): AsyncGenerator<Term, void, undefined>;
  resign(options?: ResignOptions): Promise<void>;
  /** Tells of a failure. */
  failed(error: Error, term: Term, pauseMs: number): void;
}

/** A job gets this long to end after its term has. */
const GRACE_MS = 1000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/** The pause after so many failures in a row: up to a bound that doubles, and at least half of it. */
function pauseMsAfter(failures: number, random: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)) * (0.5 + random / 2);
}

/**
 * @param signal stops it
 * @returns when it was stopped and the contender is gone
 * @throws {Error} what ends the candidacy for good
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

/** @returns why it has resigned; `undefined` when somebody else's call did it */
async function leadUntilFailure(
  { runtime, terms, resign }: Leadership,
  start: (term: Term) => Promise<Outcome>,
): Promise<Failure | undefined> {
  for await (const term of terms()) {
    const error = await failureOf(runtime, term, start(term));
    if (error === undefined) continue;
    // During an outage until the connection is back, or the session is over: it is needed again.
    await resign({ timeoutMs: LONGEST_TIMER_MS });
    return { error, term };
  }
  return undefined;
}

/** Settles when the job and its term have both ended in step, or with how they did not. */
async function failureOf(runtime: Runtime, term: Term, work: Promise<Outcome>): Promise<Error | undefined> {
  const first = await Promise.race([work, term.ended.then(() => "ended" as const)]);
  // Its lease may have run out in this very moment, and the end is about to be told.
  if (!(term.isOver || term.valid)) await settledWithin(runtime, term.ended, GRACE_MS);
  if (!term.isOver && first !== "ended")
    return first.type === "threw"
      ? first.error
      : new JobOutOfStep("the job returned while its term went on; the next candidate leads");
  if ((await settledWithin(runtime, work, GRACE_MS)) === "settled") return undefined;
  return new JobOutOfStep(
    `the job went on for ${GRACE_MS} ms after its term had ended; let it hang on term.signal`,
  );
}

/**
 * Opens another session after one has expired, spread out so that candidates that lost theirs together do not
 * all return together. Elections that shared a session also share the next one, and the attempts; the last one
 * to let go of the new session closes it.
 */
import { errorFrom } from "../thrown.ts";
import { ConnectTimeout, OutcomeUnknown, TryAgain } from "../zookeeper/errors.ts";
import type { Session } from "../zookeeper/session.ts";
import { isOver, pause } from "./connection.ts";
import type { Runtime } from "./runtime.ts";

const FIRST_WITHIN_MS = 500;
const LONGEST_MS = 30_000;

/** A random delay up to a bound that doubles with each attempt. */
function rejoinDelayMs(attempt: number, random: number): number {
  return random * Math.min(LONGEST_MS, FIRST_WITHIN_MS * 2 ** attempt);
}

/** A new session, as held by one of the elections that use it. */
export interface Hold {
  readonly session: Session;
  /** Closes the session when nobody else holds it. May be repeated. */
  letGo(): Promise<void>;
}

/** An election that waits for a new session, and its callbacks meanwhile. */
export interface Returning {
  /** Gives up; others that wait for the same session go on. */
  readonly signal: AbortSignal;
  onAttempt(attempt: number): void;
  onFailure(error: Error, attempt: number): void;
}

/** Keyed by the session that has ended. */
const returns = new WeakMap<Session, Return>();

/**
 * Tries until there is a session: an ensemble that does not answer, or closes connections, may come back.
 * @param ended the session to replace
 * @returns `undefined` when the signal gave up
 * @throws {ZooKeeperError} an error that waiting cannot resolve, such as refused credentials
 */
export function rejoin(ended: Session, runtime: Runtime, returning: Returning): Promise<Hold | undefined> {
  let one = returns.get(ended);
  if (one === undefined || one.isOver) {
    one = new Return(ended, runtime);
    returns.set(ended, one);
  }
  return one.join(returning);
}

/** The way from a session that has ended to the next one. */
class Return {
  readonly #ended: Session;
  readonly #runtime: Runtime;
  readonly #waiting = new Map<Returning, (outcome: Hold | undefined | Promise<never>) => void>();
  readonly #holds = new Set<Hold>();
  readonly #stop = new AbortController();
  /** Settles when no attempt is under way any more, and nothing that it opened is left. Never rejects. */
  readonly #tried: Promise<void>;
  #progress:
    | { readonly state: "trying"; readonly attempt: number }
    | { readonly state: "open"; readonly session: Session }
    | { readonly state: "over" } = { state: "trying", attempt: 0 };

  constructor(ended: Session, runtime: Runtime) {
    this.#ended = ended;
    this.#runtime = runtime;
    this.#tried = this.#try();
  }

  /** Whether it can no longer yield a session. */
  get isOver(): boolean {
    const progress = this.#progress;
    return progress.state === "over" || (progress.state === "open" && isOver(progress.session));
  }

  join(returning: Returning): Promise<Hold | undefined> {
    return new Promise((resolve) => {
      const { signal } = returning;
      if (signal.aborted) return resolve(undefined);
      const progress = this.#progress;
      if (progress.state === "open") return resolve(this.#hold(progress.session));
      const giveUp = () => {
        this.#waiting.delete(returning);
        if (this.#waiting.size > 0) return resolve(undefined);
        this.#end();
        resolve(this.#tried.then(() => undefined));
      };
      signal.addEventListener("abort", giveUp, { once: true });
      this.#waiting.set(returning, (outcome) => {
        signal.removeEventListener("abort", giveUp);
        resolve(outcome);
      });
      if (progress.state === "trying") returning.onAttempt(progress.attempt);
    });
  }

  async #try(): Promise<void> {
    const { signal } = this.#stop;
    for (let attempt = 0; ; attempt++) {
      this.#progress = { state: "trying", attempt };
      for (const { onAttempt } of this.#waiting.keys()) onAttempt(attempt);
      await pause(this.#runtime, rejoinDelayMs(attempt, this.#runtime.random()), signal);
      if (signal.aborted) return;
      try {
        const session = await this.#ended.reopen(signal);
        return signal.aborted ? await session.close() : this.#opened(session);
      } catch (error) {
        if (signal.aborted) return;
        if (!mayComeBack(error)) return this.#failed(errorFrom(error));
        for (const { onFailure } of this.#waiting.keys()) onFailure(error, attempt + 1);
      }
    }
  }

  #opened(session: Session): void {
    this.#progress = { state: "open", session };
    for (const settle of this.#settled()) settle(this.#hold(session));
  }

  #failed(error: Error): void {
    this.#end();
    for (const settle of this.#settled()) settle(Promise.reject(error));
  }

  /** Removes and returns those who waited. */
  #settled() {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    return all;
  }

  #hold(session: Session): Hold {
    const hold: Hold = {
      session,
      letGo: async () => {
        if (!this.#holds.delete(hold) || this.#holds.size > 0) return;
        this.#end();
        await session.close();
      },
    };
    this.#holds.add(hold);
    return hold;
  }

  #end(): void {
    this.#progress = { state: "over" };
    this.#stop.abort();
    if (returns.get(this.#ended) === this) returns.delete(this.#ended);
  }
}

/** Whether the next attempt may succeed: nothing was refused. */
function mayComeBack(error: unknown): error is Error {
  return error instanceof ConnectTimeout || error instanceof OutcomeUnknown || error instanceof TryAgain;
}

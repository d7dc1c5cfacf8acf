/**
 * A term: one leadership, and how whoever does its work knows that it still may. Three holds, each for what the
 * ones before cannot know: the end that was told (`ended`, `signal`), the lease that ran out unheard (`valid`),
 * and the fencing token, which the resource itself judges by (fence.ts).
 */
import type { Contender } from "./contenders.ts";
import type { Lease } from "./lease.ts";

/**
 * Why a term ended: by its own will; because the connection was lost, the lease ran out, or the session ended;
 * or because somebody else removed the contender.
 */
export type EndReason = "resigned" | "suspended" | "lapsed" | "expired" | "closed" | "deleted";

const whatHappened: Readonly<Record<EndReason, string>> = {
  resigned: "this candidate resigned",
  suspended: "the connection was lost",
  lapsed: "its lease ran out unrenewed",
  expired: "the ensemble gave the session up",
  closed: "this process closed the session",
  deleted: "somebody removed its contender",
};

/** The reason of a term's signal: what is aborted by it, such as a `fetch`, rejects with this. */
export class TermEnded extends Error {
  override readonly name = "TermEnded";
  readonly reason: EndReason;
  readonly token: number;

  constructor(reason: EndReason, token: number) {
    super(`the term with the token ${token} has ended: ${whatHappened[reason]}`);
    this.reason = reason;
    this.token = token;
  }
}

export class Term {
  readonly contender: Contender;
  /**
   * The fencing token: the zxid that created the contender, taken when it won. It grows
   * from leader to leader. Exact below 2^53.
   */
  readonly token: number;
  readonly #lease: Lease;
  // Made when they are asked for: a term begins where every microsecond is measured.
  #controller: AbortController | undefined;
  #ended: Promise<EndReason> | undefined;
  #end: { readonly reason: EndReason; readonly validUntil: number } | undefined;

  private constructor(contender: Contender, token: number, lease: Lease) {
    this.contender = contender;
    this.token = token;
    this.#lease = lease;
  }

  /** For the election: a term, and how to end it. */
  static begin(
    contender: Contender,
    token: number,
    lease: Lease,
  ): { readonly term: Term; readonly end: (reason: EndReason) => void } {
    const term = new Term(contender, token, lease);
    const end = (reason: EndReason) => {
      term.#end = { reason, validUntil: lease.until };
      term.#controller?.abort(new TermEnded(reason, token));
    };
    return { term, end };
  }

  /**
   * Whether it is certain, at this very moment, that no other leads: reckoned anew at every read, so that a
   * thread that stood still is told the truth by its first instruction. Read it right before each act, and
   * between acts that take long. Not promised for a session that somebody ends from outside, nor for a
   * contender that somebody else deletes, until that is told.
   */
  get valid(): boolean {
    return this.#end === undefined && this.#lease.valid;
  }

  /** Until when it is valid if nothing more is heard: milliseconds of `performance.now()`. */
  get validUntil(): number {
    return this.#end?.validUntil ?? this.#lease.until;
  }

  /** Aborted with a {@link TermEnded} when the term ends: for the work that hangs on it. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#end !== undefined) this.#controller.abort(new TermEnded(this.#end.reason, this.token));
    }
    return this.#controller.signal;
  }

  /** Settles when the term has ended, with the reason. Never rejects. */
  get ended(): Promise<EndReason> {
    this.#ended ??= new Promise((resolve) => {
      const { signal } = this;
      const settle = () => this.#end !== undefined && resolve(this.#end.reason);
      settle();
      signal.addEventListener("abort", settle, { once: true });
    });
    return this.#ended;
  }

  /** Whether it has ended, without making a signal for it. */
  get isOver(): boolean {
    return this.#end !== undefined;
  }
}

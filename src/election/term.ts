/**
 * A term is one leadership, and how those who do its work know that they still may. Three mechanisms protect
 * it, each covering what the ones before cannot know: the reported end (`ended`, `signal`), the lease that runs
 * out silently (`valid`), and the fencing token, which the resource itself checks (fence.ts).
 */
import type { Contender } from "./contenders.ts";
import type { Lease } from "./lease.ts";

/**
 * Why a term ended: the candidate resigned; the connection was lost, the lease ran out, or the session ended;
 * or somebody else removed the contender.
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

/** The reason of a term's signal: work aborted by it, such as a `fetch`, rejects with this error. */
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
  // Created on demand: every microsecond counts when a term begins.
  #controller: AbortController | undefined;
  #ended: Promise<EndReason> | undefined;
  #end: { readonly reason: EndReason; readonly validUntil: number } | undefined;

  private constructor(contender: Contender, token: number, lease: Lease) {
    this.contender = contender;
    this.token = token;
    this.#lease = lease;
  }

  /** Used by the election: begins a term, and returns a way to end it. */
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
   * Whether it is certain, at this very moment, that nobody else leads. Computed at every read, so a thread
   * that stood still gets the truth from its first instruction on. Read it right before each act, and during
   * long acts. Not promised for a session that somebody ends from outside, or for a contender that somebody
   * else deletes, until that is reported.
   */
  get valid(): boolean {
    return this.#end === undefined && this.#lease.valid;
  }

  /** The time until which the term is valid if nothing more is heard: milliseconds of `performance.now()`. */
  get validUntil(): number {
    return this.#end?.validUntil ?? this.#lease.until;
  }

  /** Aborted with a {@link TermEnded} when the term ends: pass it to the term's work. */
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

  /** Whether the term has ended; creates no signal for it. */
  get isOver(): boolean {
    return this.#end !== undefined;
  }
}

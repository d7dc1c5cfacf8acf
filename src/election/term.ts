/**
 * A term: one leadership, and how whoever does its work knows that it still may. Three holds, each for what the ones
 * before cannot know: the end that was told (`ended`, `signal`), the lease that ran out unheard (`valid`), and the
 * fencing token, which the resource itself judges by (fence.ts).
 */
import type { Contender } from "./contenders.ts";
import type { Lease } from "./lease.ts";

/**
 * Why a term ended: by its own will; because the connection was lost, the lease ran out, or the session ended; or
 * because somebody else removed the contender.
 */
export type EndReason = "resigned" | "suspended" | "lapsed" | "expired" | "closed" | "deleted";

export class Term {
  readonly contender: Contender;
  /**
   * The fencing token: the zxid that created the contender, taken when it won. It grows from leader to leader. Exact
   * below 2^53.
   */
  readonly token: number;
  readonly #lease: Lease;
  /** Both are made when somebody asks: in a thread that has never led they take a tenth of a millisecond. */
  #controller: AbortController | undefined;
  #ended: Promise<EndReason> | undefined;
  #reason: EndReason | undefined;
  #leaseEndedAt: number | undefined;

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
    return { term, end: (reason) => term.#end(reason) };
  }

  /**
   * Whether it is certain, at this very moment, that no other leads: reckoned anew at every read, so that a thread
   * that stood still is told the truth by its first instruction. Read it right before each act, and between acts
   * that take long. Not promised for a session that somebody ends from outside.
   */
  get valid(): boolean {
    return !this.signal.aborted && this.#lease.valid;
  }

  /** Until when it is valid if nothing more is heard: milliseconds of `performance.now()`. */
  get validUntil(): number {
    return this.#leaseEndedAt ?? this.#lease.until;
  }

  /** Aborted, with the {@link EndReason}, when the term ends: for the work that hangs on it. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Settles when the term has ended, with the reason. Never rejects. */
  get ended(): Promise<EndReason> {
    this.#ended ??= new Promise((resolve) => {
      const { signal } = this;
      const settle = () => resolve(signal.reason as EndReason);
      if (signal.aborted) settle();
      else signal.addEventListener("abort", settle, { once: true });
    });
    return this.#ended;
  }

  #end(reason: EndReason): void {
    this.#leaseEndedAt = this.#lease.until;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}

/**
 * Waits for the next term that is won: used by `campaign()`, and by loops that go on after a term has ended.
 */
import type { Term } from "./term.ts";

export class NextTerm {
  #waiting:
    | {
        readonly promise: Promise<Term>;
        readonly resolve: (term: Term) => void;
        readonly reject: (error: unknown) => void;
      }
    | undefined;

  /** Settles with the next term from now on, or with the reason why there will be none. */
  get promise(): Promise<Term> {
    if (this.#waiting === undefined) {
      let resolve: (term: Term) => void = () => undefined;
      let reject: (error: unknown) => void = () => undefined;
      const promise = new Promise<Term>((onWon, onError) => {
        resolve = onWon;
        reject = onError;
      });
      this.#waiting = { promise, resolve, reject };
    }
    return this.#waiting.promise;
  }

  won(term: Term): void {
    this.#waiting?.resolve(term);
    this.#waiting = undefined;
  }

  fail(error: unknown): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

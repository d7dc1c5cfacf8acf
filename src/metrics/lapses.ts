/**
 * Finds leases that ran out although no fault had struck their candidates: the effect of a busy machine, or a
 * slow server.
 */
import type { Event } from "../history/event.ts";

/**
 * The numbers of the failovers in which a lease ran out, or before which one did since all had settled. A
 * victim's lease has to run out, until it returns.
 */
export class Lapses {
  readonly #lapsed = new Set<number>();
  readonly #struck = new Set<number>();
  #before = false;
  #current: number | undefined;

  event(event: Event): void {
    if (event.type === "created") this.#struck.delete(event.candidate);
    if (event.type === "fault") {
      this.#current = event.failover;
      this.#struck.add(event.victim);
      if (this.#before) this.#lapsed.add(event.failover);
      this.#before = false;
    } else if (event.type === "settled" || event.type === "aborted" || event.type === "enrolled") {
      this.#current = undefined;
      this.#before = false;
    } else if (tellsOfLapse(event) && !this.#struck.has(event.candidate)) {
      if (this.#current === undefined) this.#before = true;
      else this.#lapsed.add(this.#current);
    }
  }

  get failovers(): number[] {
    return [...this.#lapsed].filter((failover) => failover !== 0);
  }
}

/** The lease of a leader, or of a candidate that was about to lead. */
function tellsOfLapse(event: Event): boolean {
  return (
    (event.type === "ended" && event.reason === "lapsed") ||
    (event.type === "reading" && event.cause === "lapsed")
  );
}

/** Where strikes are handed in: on all elections of a run, one after the other. */
import type { Fault } from "../faults/fault.ts";
import type { Host } from "../history/host.ts";
import type { Strike } from "../live/ground.ts";
import type { Occasions } from "../run/occasions.ts";
import { faultFor } from "./strike-fault.ts";

export class Desk {
  readonly #elections: readonly Occasions[];
  readonly #host: Host;
  /** Strikes that were carried out or are about to be, in their order: that of the failovers' numbers. */
  readonly strikes: Strike[] = [];
  /** The number of strikes that are not over. */
  waiting = 0;
  #last: Promise<void>;
  #isClosed = false;
  readonly #over: () => void;

  /** @param over is called when all elections wait for the next strike */
  constructor(elections: readonly Occasions[], host: Host, over: () => void) {
    this.#elections = elections;
    this.#host = host;
    this.#over = over;
    this.#last = Promise.all(elections.map(({ ready }) => ready)).then(over);
  }

  /** Settles when nothing is being measured. */
  async quiet(): Promise<void> {
    for (let last: Promise<void> | undefined; last !== this.#last; ) {
      last = this.#last;
      await last;
    }
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Waits for its turn, and strikes.
   * @returns when its consequences have been told; `undefined` if nobody can be struck like this
   */
  strike(strike: Strike): Promise<void> | undefined {
    const fault = faultFor(strike, this.#host);
    if (fault === undefined) return undefined;
    this.waiting++;
    this.#last = this.#last.then(async () => {
      if (!this.#isClosed) {
        this.strikes.push(strike);
        await this.#strikeAll(fault);
        this.#over();
      }
      this.waiting--;
    });
    return this.#last;
  }

  /** No more strikes: the elections end when the last one is over. */
  close(): void {
    this.#isClosed = true;
    void this.#last.then(() => {
      for (const election of this.#elections) election.end();
    });
  }

  /**
   * A strike at once is measured alone, in one election after the other. Where everybody waits for a session
   * timeout, they wait together; and servers are all elections' own.
   */
  async #strikeAll(fault: Fault): Promise<void> {
    const isAtOnce = fault.fallsSilent === false && fault.victim !== "stays";
    if (isAtOnce) for (const election of this.#elections) await election.give(fault);
    else await Promise.all(this.#elections.map((election) => election.give(fault)));
  }
}

/** Where strikes are handed in: on all elections of a run, one after the other. */
import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "../faults/fault.ts";
import type { Host } from "../history/host.ts";
import type { Strike } from "../live/ground.ts";
import type { Occasions } from "../run/occasions.ts";
import { faultFor } from "./strike-fault.ts";

/** Whoever strikes looks at a page that then draws, perhaps on the same processors. */
const DRAWS_WITHIN_MS = 250;

export class Desk {
  readonly #elections: readonly Occasions[];
  readonly #host: Host;
  readonly #over: () => void;
  /** Strikes that were carried out or are about to be, in their order: that of the failovers' numbers. */
  readonly strikes: Strike[] = [];
  /** Settles when all strikes are over. */
  #last: Promise<unknown>;
  /** Settles when the strike that goes on is over, or when all stand in line for the first time. */
  #measuring: Promise<unknown>;
  #isClosed = false;

  /** @param over is called when all elections wait for the next strike */
  constructor(elections: readonly Occasions[], host: Host, over: () => void) {
    this.#elections = elections;
    this.#host = host;
    this.#over = over;
    this.#last = Promise.all(elections.map(({ ready }) => ready)).then(over);
    this.#measuring = this.#last;
  }

  /** Settles when nothing is being measured. The next strike waits for whoever waits here. */
  async quiet(): Promise<void> {
    await this.#measuring;
  }

  /**
   * Waits for its turn, and strikes.
   * @returns when its consequences have been told: whether it was carried out
   */
  async strike(strike: Strike): Promise<boolean> {
    const fault = faultFor(strike, this.#host);
    if (fault === undefined) return false;
    const done = this.#last.then(() => this.#carryOut(strike, fault));
    this.#last = done;
    return done;
  }

  /** No more strikes: the elections end when the last one is over. */
  close(): void {
    this.#isClosed = true;
    void this.#last.then(() => {
      for (const election of this.#elections) election.end();
    });
  }

  async #carryOut(strike: Strike, fault: Fault): Promise<boolean> {
    await delay(DRAWS_WITHIN_MS);
    if (this.#isClosed) return false;
    this.strikes.push(strike);
    const striking = this.#strikeAll(fault);
    this.#measuring = striking;
    const carriedOut = await striking;
    this.#over();
    return carriedOut.includes(true);
  }

  /**
   * A strike at once is measured alone, in one election after the other. Where everybody waits for a session
   * timeout, they wait together; and servers are all elections' own.
   */
  async #strikeAll(fault: Fault): Promise<boolean[]> {
    const isAtOnce = fault.fallsSilent === false && fault.victim !== "stays";
    if (!isAtOnce) return Promise.all(this.#elections.map((election) => election.give(fault)));
    const carriedOut: boolean[] = [];
    for (const election of this.#elections) carriedOut.push(await election.give(fault));
    return carriedOut;
  }
}

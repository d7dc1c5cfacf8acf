/**
 * When the ensemble's leader sends its pings, by its own clock: half a tick after the last ones. If it stands
 * still meanwhile, it sends them when it goes on, and the next ones half a tick later (`Leader.lead`).
 *
 * They may be as late as lease.ts allows: once they are due, within a twentieth of a tick of running time, and
 * after standing still, before the leader stands still again. They may come at any moment of that time, before
 * or after other things that the leader does.
 *
 * Pings that would have nothing to report are left out.
 */
import type { Clock } from "./clock.ts";

export class Pings {
  readonly #everyMs: number;
  readonly #lateMs: number;
  readonly #clock: Clock;
  #dueAt: number;
  /** How late they may still be while the leader runs. */
  #spareMs: number;
  /** The time since when the leader has been running with pings due. */
  #runsSince: number;
  /** Whether it has stood still since they were due. */
  #owedSince: "this run" | "an earlier run" = "this run";

  constructor(tickTimeMs: number, clock: Clock) {
    this.#everyMs = tickTimeMs / 2;
    // Less than a twentieth, so that the latest permitted events come after them.
    this.#lateMs = tickTimeMs / 20 - 1;
    this.#clock = clock;
    this.#dueAt = clock.now + this.#everyMs;
    this.#spareMs = this.#lateMs;
    this.#runsSince = clock.now;
  }

  get due(): boolean {
    return this.#dueAt <= this.#clock.now;
  }

  /** The time when they become due, or if they are due, by when they must have been sent. */
  get nextAt(): number {
    return this.due ? Math.max(this.#dueAt, this.#runsSince) + this.#spareMs : this.#dueAt;
  }

  sent(): void {
    this.#dueIn(this.#everyMs);
  }

  /** Skips pings that would have had no effect. */
  skip(): void {
    if (!this.due) return;
    const late = (this.#clock.now - this.#dueAt) % this.#everyMs;
    this.#dueIn(this.#everyMs - late);
  }

  #dueIn(ms: number): void {
    this.#dueAt = this.#clock.now + ms;
    this.#spareMs = this.#lateMs;
    this.#owedSince = "this run";
  }

  /** Whether they must be sent before the leader may stand still. */
  get mustBeSent(): boolean {
    return this.due && this.#owedSince === "an earlier run";
  }

  standsStill(): void {
    if (this.due) this.#spareMs = Math.max(0, this.nextAt - this.#clock.now);
  }

  goesOn(): void {
    this.#runsSince = this.#clock.now;
    if (this.due) this.#owedSince = "an earlier run";
  }

  /** Its state relative to now, for a search that has to recognise states. */
  get text(): string {
    return `${this.#dueAt - this.#clock.now} ${this.nextAt - this.#clock.now} ${this.#owedSince}`;
  }
}

/**
 * Tells a made-up history, step by step, in milliseconds, for tests of code that reads histories. Candidates
 * join with the given sequence, and the czxid is 100 more. The events of one step are 1 µs apart.
 */

import { defaultConditions } from "../history/conditions.ts";
import {
  COORDINATOR,
  type Event,
  type EventKind,
  type EventOf,
  type LeaseState,
  type ReadCause,
  type VoidReason,
} from "../history/event.ts";
import type { TrialHeader } from "../history/header.ts";
import type { History, Remains } from "../history/history.ts";
import type { Observations } from "../history/observations.ts";
import { type Expectation, type PlannedStrike, strikesIn, type Victims } from "../history/strike.ts";

const header: TrialHeader = {
  ...defaultConditions,
  trial: 1,
  scheme: "predecessor",
  candidates: 4,
  failovers: 1,
  sessionTimeoutMs: 1000,
  counter: "none",
};

/** What each strike must lead to. */
const expectation: Expectation = {
  leader: "next",
  withinMs: 2000,
  silentMs: 0,
  notifications: 1,
  announcements: 0,
};

type Fields<K extends EventKind> = Omit<EventOf<K>, "at" | "candidate" | "type">;

export class Story {
  readonly #header: TrialHeader;
  readonly #expects: Expectation;
  readonly #planned: PlannedStrike[] = [];
  readonly #events: Event[] = [];
  readonly #sequences = new Map<number, number>();
  #sessions = 0;
  #struck = 0;
  #step = { ms: Number.NaN, events: 0 };

  constructor(changes: Partial<TrialHeader & Expectation> = {}) {
    const {
      leader = expectation.leader,
      withinMs = expectation.withinMs,
      silentMs = expectation.silentMs,
      notifications = expectation.notifications,
      announcements = expectation.announcements,
      contendersStay = false,
      serversElect = false,
      most,
      ...rest
    } = changes;
    this.#header = { ...header, ...rest };
    const counts = { notifications, announcements };
    this.#expects = {
      leader,
      withinMs,
      silentMs,
      ...counts,
      contendersStay,
      serversElect,
      ...(most && { most }),
    };
  }

  /** Any event, unchanged. */
  event<K extends EventKind>(ms: number, candidate: number, type: K, fields: Fields<K>): this {
    if (this.#step.ms !== ms) this.#step = { ms, events: 0 };
    const at = ms * 1e6 + 1000 * this.#step.events++;
    this.#events.push({ at, candidate, type, ...fields } as Event);
    return this;
  }

  connects(
    ms: number,
    candidate: number,
    session = ++this.#sessions,
    server: EventOf<"connected">["server"] = "1",
  ): this {
    return this.event(ms, candidate, "connected", { sessionHigh: 1, sessionLow: session, server });
  }

  /** Joins with a new session, up to the answer to its first request. */
  joins(ms: number, candidate: number, sequence = candidate): this {
    this.#sequences.set(candidate, sequence);
    return this.connects(ms, candidate)
      .event(ms, candidate, "creating", {})
      .event(ms, candidate, "created", { sequence, czxid: 100 + sequence })
      .looks(ms, candidate, "joined");
  }

  looks(ms: number, candidate: number, cause: ReadCause = "notified"): this {
    return this.event(ms, candidate, "reading", { cause }).event(ms, candidate, "read", { contenders: 4 });
  }

  waits(ms: number, candidate: number): this {
    return this.event(ms, candidate, "armed", { watch: "contender", sequence: 0 });
  }

  /** Wakes because a contender ended: by default the one that the last fault struck. */
  wakes(ms: number, candidate: number, sequence = this.#struck): this {
    return this.event(ms, candidate, "notified", { watch: "contender", sequence });
  }

  /** Wakes because the child list changed. */
  wakesByList(ms: number, candidate: number): this {
    return this.event(ms, candidate, "notified", { watch: "children", sequence: this.#sequence(candidate) });
  }

  claims(ms: number, candidate: number): this {
    const sequence = this.#sequence(candidate);
    return this.event(ms, candidate, "claimed", { sequence, czxid: 100 + sequence });
  }

  /** Announces itself, and those that watch are notified. */
  announces(ms: number, candidate: number, ...notified: readonly number[]): this {
    this.event(ms, candidate, "announced", {});
    for (const other of notified)
      this.event(ms, other, "notified", { watch: "announcement", sequence: this.#sequence(candidate) });
    return this;
  }

  /** Its lease, as last known, holds until then. */
  leases(ms: number, candidate: number, untilMs: number): this {
    return this.event(ms, candidate, "leased", { until: untilMs * 1e6 });
  }

  thaws(ms: number, candidate: number, lease: LeaseState): this {
    return this.event(ms, candidate, "thawed", { lease });
  }

  writes(ms: number, candidate: number, version: number): this {
    return this.event(ms, candidate, "wrote", { czxid: 100 + this.#sequence(candidate), version });
  }

  /** The fence refuses it. */
  isRefused(ms: number, candidate: number): this {
    return this.event(ms, candidate, "refused", { czxid: 100 + this.#sequence(candidate) });
  }

  ends(ms: number, candidate: number, reason: EventOf<"ended">["reason"]): this {
    return this.event(ms, candidate, "ended", { sequence: this.#sequence(candidate), reason });
  }

  suspends(ms: number, candidate: number): this {
    return this.event(ms, candidate, "suspended", {});
  }

  expires(ms: number, candidate: number): this {
    return this.event(ms, candidate, "expired", {});
  }

  removes(ms: number, candidate: number): this {
    const sequence = this.#sequence(candidate);
    return this.event(ms, candidate, "removing", { sequence }).event(ms, candidate, "removed", { sequence });
  }

  closes(ms: number, candidate: number): this {
    return this.event(ms, candidate, "closing", {}).event(ms, candidate, "closed", {});
  }

  /** Recorded by the coordinator, or by the victims themselves. */
  fault(
    ms: number,
    failover: number,
    struck: number | Victims,
    recordedBy?: number,
    changes: Partial<Expectation> = {},
  ): this {
    const victims: Victims = typeof struck === "number" ? [struck] : struck;
    this.#struck = this.#sequences.get(victims[0]) ?? 0;
    const expects = { ...this.#expects, ...changes };
    this.#planned.push({ failover, fault: this.#header.fault, victims, expects });
    for (const victim of victims) this.event(ms, recordedBy ?? COORDINATOR, "fault", { failover, victim });
    return this;
  }

  settles(ms: number, failover: number): this {
    return this.event(ms, COORDINATOR, "settled", { failover });
  }

  aborts(ms: number, failover: number): this {
    return this.event(ms, COORDINATOR, "aborted", { failover });
  }

  voids(ms: number, failover: number, reason: VoidReason): this {
    return this.event(ms, COORDINATOR, "voided", { failover, reason });
  }

  /** The history as it would have been recorded: in chronological order. */
  told(remains: Remains | null = null, observations: Observations | null = null): History {
    const events = this.#events.toSorted((a, b) => a.at - b.at);
    return {
      header: this.#header,
      strikes: strikesIn(events, [...this.#planned]),
      events,
      remains,
      observations,
    };
  }

  #sequence(candidate: number): number {
    const sequence = this.#sequences.get(candidate);
    if (sequence === undefined) throw new Error(`candidate ${candidate} has not joined`);
    return sequence;
  }
}

/**
 * Blows are faults, or parts of them, that strike a candidate where it lives. The victim's own thread
 * carries out those for threads: to add one, add an entry here. Those for processes are in
 * processes/enclosure.ts.
 */

import { setTimeout as delay } from "node:timers/promises";

/** The longest time that a thread is held, in case the coordinator does not let it go. */
const HOLD_MS = 5000;

/** The means of a blow in the victim's thread. */
export interface Victim {
  /** Records that the fault strikes, immediately before it does. */
  record(failover: number): void;
  /** Deletes its own contender. The session lives on. */
  resign(): Promise<void>;
  closeSession(): Promise<void>;
  /** Waits until none of its own writes is in flight. */
  restFromWriting(): Promise<void>;
  /** Blocks the whole thread. */
  standStill(ms: number): void;
  /** Records what it believed when it woke, and keeps writing, unaware of anything. */
  goOn(): void;
}

interface Numbered {
  readonly failover: number;
}

interface Stillness {
  /** `null` if the strike is recorded elsewhere. */
  readonly failover: number | null;
  readonly ms: number;
}

interface Slowness {
  readonly forMs: number;
  /** The share of the time in which it works, from 0 to 1. */
  readonly share: number;
  /** The number of times that it stands still and goes on. */
  readonly slices: number;
}

const blows = {
  async resign(victim: Victim, { failover }: Numbered) {
    victim.record(failover);
    await victim.resign();
  },
  async close(victim: Victim, { failover }: Numbered) {
    victim.record(failover);
    await victim.closeSession();
  },
  async freeze(victim: Victim, { failover, ms }: Stillness) {
    // If a write's answer were read only after the freeze, it would look like a write made then.
    await victim.restFromWriting();
    if (failover !== null) victim.record(failover);
    victim.standStill(ms);
    victim.goOn();
  },
  /** Its thread works for a small share of the time only, as on a machine that others use up. */
  async slow(victim: Victim, { failover, forMs, share, slices }: Numbered & Slowness) {
    victim.record(failover);
    for (let left = slices; left > 0; left--) {
      const sliceMs = forMs / slices;
      victim.standStill((1 - share) * sliceMs);
      await delay(share * sliceMs);
    }
  },
  /** Not a fault in itself: it blocks until the coordinator is done with the session, from outside. */
  async hold(victim: Victim, _: object) {
    victim.standStill(HOLD_MS);
  },
};

type Blows = typeof blows;

export type ThreadBlow = {
  [T in keyof Blows]: { readonly type: T } & Parameters<Blows[T]>[1];
}[keyof Blows];

/** Strikes a process. */
export type ProcessBlow =
  | (Numbered & { readonly type: "resign" | "close" })
  | (Numbered & {
      readonly type: "signal";
      readonly signal: "SIGKILL" | "SIGTERM";
      /** Whether all processes that it has started are struck as well. */
      readonly whole: boolean;
    })
  /** It is stopped, and goes on after that time. */
  | (Numbered & { readonly type: "stop"; readonly ms: number });

export type Blow = ThreadBlow | ProcessBlow;

export function isForThreads(blow: Blow): blow is ThreadBlow {
  return Object.hasOwn(blows, blow.type);
}

const holdingTheThread: ReadonlySet<Blow["type"]> = new Set(["freeze", "slow", "hold"]);

/** Whether it strikes all that share the victim's thread. */
export function holdsItsThread(blow: Blow): boolean {
  return holdingTheThread.has(blow.type);
}

/** Settles when the victim has been struck. */
export function carryOut(victim: Victim, blow: ThreadBlow): Promise<void> {
  // Each function gets a blow of its own type.
  const act = blows[blow.type] as (victim: Victim, blow: ThreadBlow) => Promise<void>;
  return act(victim, blow);
}

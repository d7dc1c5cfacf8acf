/** Blows: faults, or parts of them, that the victim's own thread carries out. A new one is an entry here. */

/** The longest that a thread is held, should the coordinator not let it go. */
const HOLD_MS = 5000;

/** What a blow finds in the victim's thread. */
export interface Victim {
  /** Records that the fault strikes, immediately before it does. */
  record(failover: number): void;
  /** Deletes the own contender. The session lives on. */
  resign(): Promise<void>;
  closeSession(): Promise<void>;
  /** Waits until no write of its own is under way. */
  restFromWriting(): Promise<void>;
  /** The whole thread stands still. */
  standStill(ms: number): void;
  /** Says what it believed when it woke, and writes on, as who knows of nothing. */
  goOn(): void;
}

interface Numbered {
  readonly failover: number;
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
  async freeze(victim: Victim, { failover, ms }: Numbered & { readonly ms: number }) {
    // Its answer, found only after the freeze, would look like a write that was made then.
    await victim.restFromWriting();
    victim.record(failover);
    victim.standStill(ms);
    victim.goOn();
  },
  /** No fault in itself: stands still until the coordinator is done with the session, from outside. */
  async hold(victim: Victim, _: object) {
    victim.standStill(HOLD_MS);
  },
};

type Blows = typeof blows;

export type Blow = {
  [T in keyof Blows]: { readonly type: T } & Parameters<Blows[T]>[1];
}[keyof Blows];

/** Settles when it has been struck. */
export function carryOut(victim: Victim, blow: Blow): Promise<void> {
  // Each takes what is of its own type.
  const act = blows[blow.type] as (victim: Victim, blow: Blow) => Promise<void>;
  return act(victim, blow);
}

import type { Need } from "./fault.ts";
import { onLeader } from "./on-leader.ts";
import { REMOVAL } from "./outcome.ts";
import { standsStillAlone } from "./own-thread.ts";
import type { Parameter } from "./parameter.ts";
import { msOf, type Span } from "./span.ts";
import { tunable } from "./tuning.ts";

/** How long a leader stands still that is to be succeeded meanwhile. */
export const standingStill = {
  meaning: "how long it stands still",
  default: { timeouts: 1.25, ticks: 1, ms: 250 },
  moreThan: REMOVAL,
  atMost: { ms: 600_000 },
  because: "until the session timeout and a tick have passed, nobody else leads",
  option: "freeze-for",
} as const satisfies Parameter<Span>;

/** A process is stopped by `pause`. */
export const threads = {
  what: "host",
  is: "thread",
  because: "it makes threads stand still",
} as const satisfies Need;

/**
 * The leader's thread stands still past its session timeout and then wakes, like a process in a long garbage
 * collection: it believes that it leads until it is told that its session has expired.
 */
export const freeze = tunable({ for: standingStill }, ({ for: span }) => ({
  ...onLeader,
  name: "freeze",
  summary: "the leader stands still until its session expires",
  needs: [threads, standsStillAlone],
  fallsSilent: true,
  victim: "loses-its-session",
  leavesBehind: "an-old-leader",
  struck: ([victim]) => `Candidate ${victim} stands still until its session expires.`,
  requestBytes: () => 0,

  async strike([victim], { failover, timing, strike }) {
    strike(victim, { type: "freeze", failover, ms: msOf(span, timing) });
  },
}));

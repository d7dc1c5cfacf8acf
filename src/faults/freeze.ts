import type { Fault } from "./fault.ts";
import { onLeader } from "./on-leader.ts";
import { removalMs } from "./outcome.ts";

/**
 * The leader's thread stands still past its session timeout and then wakes, like a process in a long garbage
 * collection: it believes that it leads until it is told that its session has expired.
 */
export const freeze: Fault = {
  ...onLeader,
  name: "freeze",
  summary: "the leader stands still until its session expires",
  fallsSilent: true,
  victim: "loses-its-session",
  leavesBehind: "an-old-leader",
  struck: ([victim]) => `Candidate ${victim} stands still until its session expires.`,
  requestBytes: () => 0,

  async strike([victim], { failover, timing, strike }) {
    const enough = removalMs(freeze, timing) + Math.max(500, timing.sessionTimeoutMs / 4);
    const ms = timing.freezeForMs ?? enough;
    strike(victim, { type: "freeze", failover, ms });
  },
};

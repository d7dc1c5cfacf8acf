import type { Fault } from "./fault.ts";

/**
 * The leader's thread stands still past its session timeout and then wakes, like a process in a long garbage
 * collection: until it is told that its session has expired, it believes that it leads.
 */
export const freeze: Fault = {
  name: "freeze",
  endsSession: true,
  unseatsLeader: true,
  leavesBehind: "an-old-leader",
  position: () => 0,

  // The server expires a session within (T, T + tick] of its last contact (ExpiryQueue).
  removalMs: ({ sessionTimeoutMs, tickTimeMs }) => sessionTimeoutMs + (tickTimeMs ?? LONGEST_TICK_MS),

  requestBytes: () => 0,

  async strike(victim, { failover, timing, strike }) {
    const enough = freeze.removalMs(timing) + Math.max(500, timing.sessionTimeoutMs / 4);
    const ms = timing.freezeForMs ?? enough;
    strike(victim, { type: "freeze", failover, ms });
  },
};

/** The tick of ZooKeeper's own sample configuration, and a second. */
const LONGEST_TICK_MS = 3000;

import type { Fault } from "./fault.ts";

/** The leader closes its session, as a service does that shuts down. */
export const close: Fault = {
  name: "close",
  needs: [],
  position: () => 0,
  leader: "next",
  fallsSilent: false,
  victim: "loses-its-session",
  leavesBehind: "nobody",
  words: {
    occasion: "failover",
    struck: (victim) => `Candidate ${victim} closes its session.`,
  },
  // A frame and a header.
  requestBytes: () => 12,

  async strike(victim, { failover, strike }) {
    strike(victim, { type: "close", failover });
  },
};

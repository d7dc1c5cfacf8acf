import type { Fault } from "./fault.ts";

/** The leader closes its session, as a service does that shuts down. */
export const close: Fault = {
  name: "close",
  endsSession: true,
  unseatsLeader: true,
  leavesBehind: "nobody",
  position: () => 0,
  removalMs: () => 0,
  // A frame and a header.
  requestBytes: () => 12,

  async strike(victim, { failover, strike }) {
    strike(victim, { type: "close", failover });
  },
};

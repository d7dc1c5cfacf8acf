import type { Fault } from "./fault.ts";
import { onLeader } from "./on-leader.ts";

/** The leader closes its session, like a service that shuts down. */
export const close: Fault = {
  ...onLeader,
  name: "close",
  summary: "the leader closes its session, as a service shuts down",
  victim: "loses-its-session",
  struck: ([victim]) => `Candidate ${victim} closes its session.`,
  // The request is a frame and a header.
  requestBytes: () => 12,

  async strike([victim], { failover, strike }) {
    strike(victim, { type: "close", failover });
  },
};

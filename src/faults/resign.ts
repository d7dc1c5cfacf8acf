import type { Fault } from "./fault.ts";

/** The leader deletes its contender; its session lives on. The shortest failover that there is. */
export const resign: Fault = {
  name: "resign",
  endsSession: false,
  unseatsLeader: true,
  leavesBehind: "nobody",
  position: () => 0,
  removalMs: () => 0,
  // A frame and a header, a path with its length, a version.
  requestBytes: (victimPath) => 12 + 4 + victimPath + 4,

  async strike(victim, { failover, strike }) {
    strike(victim, { type: "resign", failover });
  },
};

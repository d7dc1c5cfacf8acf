import type { Fault } from "./fault.ts";

/** The leader deletes its contender; its session lives on. The shortest failover that there is. */
export const resign: Fault = {
  name: "resign",
  needs: [],
  position: () => 0,
  leader: "next",
  fallsSilent: false,
  victim: "leaves",
  leavesBehind: "nobody",
  words: {
    occasion: "failover",
    struck: (victim) => `Candidate ${victim} resigns: it deletes its znode.`,
  },
  // A frame and a header, a path with its length, a version.
  requestBytes: (victimPath) => 12 + 4 + victimPath + 4,

  async strike(victim, { failover, strike }) {
    strike(victim, { type: "resign", failover });
  },
};

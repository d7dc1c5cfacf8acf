import type { Fault } from "./fault.ts";
import { onLeader } from "./on-leader.ts";

/** The leader deletes its contender; its session lives on. This is the shortest possible failover. */
export const resign: Fault = {
  ...onLeader,
  name: "resign",
  summary: "the leader deletes its znode; its session lives on",
  happens: "the leader resigns",
  victim: "leaves",
  struck: ([victim]) => `Candidate ${victim} resigns: it deletes its znode.`,
  // The request is a frame and a header, a path with its length, and a version.
  requestBytes: (victimPath) => 12 + 4 + victimPath + 4,

  async strike([victim], { failover, strike }) {
    strike(victim, { type: "resign", failover });
  },
};

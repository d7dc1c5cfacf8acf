import type { Fault } from "./fault.ts";

/** The leader deletes its contender; its session lives on. The shortest failover that there is. */
export const resign: Fault = {
  name: "resign",
  unseatsLeader: true,
  position: () => 0,
  removalMs: () => 0,

  async strike(victim, { failover, strike }) {
    strike(victim, { type: "resign", failover });
  },
};

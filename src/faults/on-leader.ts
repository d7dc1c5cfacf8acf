import type { Fault } from "./fault.ts";

/** The common part of most faults: they strike the leader, and the next candidate leads at once. */
export const onLeader = {
  needs: [],
  positions: () => [0],
  leader: "next",
  fallsSilent: false,
  leavesBehind: "nobody",
  occasion: "failover",
  requestBytes: () => null,
} as const satisfies Partial<Fault>;

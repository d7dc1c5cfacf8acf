import type { Fault } from "./fault.ts";

/** What most faults have in common: they strike the leader, and the next one leads at once. */
export const onLeader = {
  needs: [],
  position: () => 0,
  leader: "next",
  fallsSilent: false,
  leavesBehind: "nobody",
  occasion: "failover",
  requestBytes: () => null,
} as const satisfies Partial<Fault>;

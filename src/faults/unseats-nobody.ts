import type { Fault } from "./fault.ts";

/** The common part of faults around the leader that leave it its session: the same one has to lead. */
export const unseatsNobody = {
  positions: () => [0],
  leader: "same",
  fallsSilent: false,
  victim: "stays",
  leavesBehind: "nobody",
  occasion: "strike",
  requestBytes: () => null,
} as const satisfies Partial<Fault>;

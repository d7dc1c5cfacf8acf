import type { Fault, Need } from "./fault.ts";

/** An ensemble that goes on without one of its servers. */
export const threeServers: Need = {
  what: "servers",
  fewest: 3,
  because: "it strikes one of them, and the others have to go on",
};

/** The common part of faults that strike servers: every session lives on, so nobody may be unseated. */
export const onServers = {
  needs: [threeServers],
  position: () => 0,
  leader: "same",
  fallsSilent: false,
  victim: "stays",
  leavesBehind: "nobody",
  occasion: "strike",
  requestBytes: () => null,
} as const satisfies Partial<Fault>;

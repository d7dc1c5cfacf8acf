import type { Fault, StrikeContext } from "./fault.ts";

/** The common part of faults that strike the network between the leader and its servers. */
export const onNetwork = {
  needs: [{ what: "network" }],
  positions: () => [0],
  occasion: "strike",
  requestBytes: () => null,
} as const satisfies Partial<Fault>;

/** The servers hear nothing for longer than the session timeout, and end the session. */
export const outlastsSession = {
  leader: "next",
  fallsSilent: true,
  victim: "loses-its-session",
  leavesBehind: "an-old-leader",
} as const satisfies Partial<Fault>;

/** Twice the session timeout: whatever the servers round it up to, they have ended the session before. */
export function longerThanSession({ timing }: Pick<StrikeContext, "timing">): number {
  return 2 * timing.sessionTimeoutMs + (timing.tickTimeMs ?? 0);
}

import type { Fault } from "./fault.ts";

/** A candidate that waits in the middle of the line dies: nobody new may lead. */
export const follower: Fault = {
  name: "follower",
  endsSession: true,
  unseatsLeader: false,
  leavesBehind: "nobody",
  position: (candidates) => Math.floor(candidates / 2),
  removalMs: () => 0,
  // The victim's client tries to connect again, who knows how often.
  requestBytes: () => null,

  strike: (victim, { expire }) => expire(victim),
};

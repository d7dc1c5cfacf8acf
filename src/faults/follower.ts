import type { Fault } from "./fault.ts";
import { isHeldAlone } from "./own-thread.ts";

/** A candidate that waits in the middle of the line dies: nobody new may lead. */
export const follower: Fault = {
  name: "follower",
  summary: "the session of a candidate that waits is ended",
  needs: [
    isHeldAlone,
    {
      what: "candidates",
      fewest: 3,
      because: "it strikes a candidate that does not lead, and another one has to notice",
    },
  ],
  positions: (candidates) => [Math.floor(candidates / 2)],
  leader: "same",
  fallsSilent: false,
  victim: "loses-its-session",
  leavesBehind: "nobody",
  occasion: "follower's death",
  struck: ([victim]) => `The session of candidate ${victim}, which waits in the line, is ended.`,
  // The victim's client reconnects an unknown number of times.
  requestBytes: () => null,

  strike: ([victim], { expire }) => expire(victim),
};

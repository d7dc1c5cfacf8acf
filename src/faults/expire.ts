import type { Fault } from "./fault.ts";
import { onLeader } from "./on-leader.ts";
import { isHeldAlone } from "./own-thread.ts";

/**
 * The leader's session is ended from outside, by another connection that takes it over and closes it. The
 * measured time starts before that connection is opened.
 */
export const expire: Fault = {
  ...onLeader,
  name: "expire",
  summary: "the leader's session is ended from outside",
  needs: [isHeldAlone],
  victim: "loses-its-session",
  struck: ([victim]) => `The session of candidate ${victim} is ended from outside.`,

  strike: ([victim], { expire }) => expire(victim),
};

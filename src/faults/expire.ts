import type { Fault } from "./fault.ts";

/**
 * The leader's session is ended from outside, by another connection that takes it over and closes it. The
 * time counts from before that connection is opened.
 */
export const expire: Fault = {
  name: "expire",
  endsSession: true,
  unseatsLeader: true,
  leavesBehind: "nobody",
  position: () => 0,
  removalMs: () => 0,
  // The victim's client tries to connect again, who knows how often.
  requestBytes: () => null,

  strike: (victim, { expire }) => expire(victim),
};

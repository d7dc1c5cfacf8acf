import { standingStill } from "./freeze.ts";
import { processes } from "./kill.ts";
import { onLeader } from "./on-leader.ts";
import { msOf } from "./span.ts";
import { tunable } from "./tuning.ts";

/**
 * The leader's process is stopped past its session timeout and then goes on (SIGSTOP, SIGCONT), like a virtual
 * machine that is moved: it believes that it leads until it finds out that it does not. No will is carried out,
 * since the process lives.
 */
export const pause = tunable({ for: standingStill }, ({ for: span }) => ({
  ...onLeader,
  name: "pause",
  summary: "the leader's process is stopped until its session expires",
  needs: [processes],
  fallsSilent: true,
  victim: "loses-its-session",
  leavesBehind: "an-old-leader",
  struck: ([victim]) => `The process of candidate ${victim} is stopped until its session expires.`,
  requestBytes: () => 0,

  async strike([victim], { failover, timing, strike }) {
    strike(victim, { type: "stop", failover, ms: msOf(span, timing) });
  },
}));

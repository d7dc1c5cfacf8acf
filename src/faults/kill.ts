import type { Fault, Need } from "./fault.ts";
import { onLeader } from "./on-leader.ts";

export const processes = {
  what: "host",
  is: "process",
  because: "a thread can be neither killed, nor stopped by a signal, nor deployed",
} as const satisfies Need;

/**
 * The leader's process is killed, as by `kill -9`, or by the kernel when the memory is used up: none of its
 * code runs any more, and nobody closes its session. The kernel closes its connection, which a server takes for
 * a network's trouble: the session lives on until it expires. A will ends it at once.
 */
export const kill: Fault = {
  ...onLeader,
  name: "kill",
  summary: "the leader's process is killed, as by kill -9",
  needs: [processes],
  fallsSilent: true,
  endsProcess: true,
  victim: "loses-its-session",
  struck: ([victim]) => `The process of candidate ${victim} is killed.`,

  async strike([victim], { failover, strike }) {
    strike(victim, { type: "signal", failover, signal: "SIGKILL", whole: false });
  },
};

import type { Fault } from "./fault.ts";
import { kill } from "./kill.ts";

/**
 * The leader's process is killed with all that it has started, as when a container runs out of memory: whatever
 * watches over the process from inside its group goes as well.
 */
export const killGroup: Fault = {
  ...kill,
  name: "kill-group",
  summary: "the same, with all processes that it has started",
  happens: "the leader's process is killed with its whole group",
  struck: ([victim]) => `The process group of candidate ${victim} is killed.`,

  async strike([victim], { failover, strike }) {
    strike(victim, { type: "signal", failover, signal: "SIGKILL", whole: true });
  },
};

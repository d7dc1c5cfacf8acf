/** Groups of faults, by what they strike; lists of faults have a heading for each. */
import type { Fault } from "./fault.ts";

export const faultGroups = {
  candidates: "Faults of candidates",
  network: "Faults of the network",
  servers: "Faults of servers",
} as const;

export type FaultGroup = keyof typeof faultGroups;

/** A fault of servers may need a network as well. */
export function groupOf({ needs }: Pick<Fault, "needs">): FaultGroup {
  const whats = needs.map(({ what }) => what);
  if (whats.includes("servers")) return "servers";
  return whats.includes("network") ? "network" : "candidates";
}

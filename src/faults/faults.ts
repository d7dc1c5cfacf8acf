import type { Outcome } from "../history/strike.ts";
import { close } from "./close.ts";
import { deletion } from "./delete.ts";
import { expire } from "./expire.ts";
import type { Fault } from "./fault.ts";
import { follower } from "./follower.ts";
import { freeze } from "./freeze.ts";
import { outcomeOf } from "./outcome.ts";
import { resign } from "./resign.ts";

export const faults = { resign, close, expire, freeze, delete: deletion, follower } as const satisfies Record<
  string,
  Fault
>;

export type FaultName = keyof typeof faults;

export const faultNames = Object.keys(faults) as FaultName[];

/** `undefined` for one of another version. */
export function faultNamed(name: string): Fault | undefined {
  return Object.values<Fault>(faults).find((fault) => fault.name === name);
}

/** `null` for a fault of another version. */
export function outcomeNamed(name: string, sessionTimeoutMs: number): Outcome | null {
  const fault = faultNamed(name);
  return fault === undefined ? null : outcomeOf(fault, sessionTimeoutMs);
}

/** Those that end the leader's contender at once: no timer is in the way of the election. */
export const faultsAtOnce = faultNames.filter((name) => {
  const { leader, fallsSilent }: Fault = faults[name];
  return leader === "next" && !fallsSilent;
});

/** Those that may leave an old leader behind its successor, who has to be fenced. */
export const faultsToFence = faultNames.filter((name) => faults[name].leavesBehind === "an-old-leader");

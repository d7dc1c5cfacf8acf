/** The consequences of a fault under a session timeout, in milliseconds. */
import type { Outcome } from "../history/strike.ts";
import type { Fault, Timing } from "./fault.ts";

/** The tick of ZooKeeper's own sample configuration, plus a second. */
const LONGEST_TICK_MS = 3000;

export function outcomeOf({ leader, fallsSilent }: Fault, sessionTimeoutMs: number): Outcome {
  return { leader, silentMs: fallsSilent ? sessionTimeoutMs : 0 };
}

/**
 * The longest time from the strike until the ensemble has removed the contender. The server expires a session
 * within (T, T + tick] of its last contact (`ExpiryQueue`).
 */
export function removalMs({ fallsSilent }: Fault, { sessionTimeoutMs, tickTimeMs }: Timing): number {
  return fallsSilent ? sessionTimeoutMs + (tickTimeMs ?? LONGEST_TICK_MS) : 0;
}

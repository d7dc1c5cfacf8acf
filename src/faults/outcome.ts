/** What follows from a fault under a session timeout, in numbers. Milliseconds. */
import type { Outcome } from "../history/strike.ts";
import type { Fault, Timing } from "./fault.ts";

/** The tick of ZooKeeper's own sample configuration, and a second. */
const LONGEST_TICK_MS = 3000;

export function outcomeOf({ leader, fallsSilent }: Fault, sessionTimeoutMs: number): Outcome {
  return { leader, silentMs: fallsSilent ? sessionTimeoutMs : 0 };
}

/**
 * From the strike until the ensemble has removed the contender, at the most. The server expires a session
 * within (T, T + tick] of its last contact (`ExpiryQueue`).
 */
export function removalMs({ fallsSilent }: Fault, { sessionTimeoutMs, tickTimeMs }: Timing): number {
  return fallsSilent ? sessionTimeoutMs + (tickTimeMs ?? LONGEST_TICK_MS) : 0;
}

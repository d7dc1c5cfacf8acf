/** The consequences of a fault under a session timeout, in milliseconds. */
import type { Outcome } from "../history/strike.ts";
import type { Fault } from "./fault.ts";
import { msOf, type Span } from "./span.ts";
import type { Timing } from "./timing.ts";

/**
 * The longest time from a silence until the ensemble has removed the contender. The server expires a session
 * within (T, T + tick] of its last contact (`ExpiryQueue`).
 */
export const REMOVAL: Span = { timeouts: 1, ticks: 1 };

/** The fault where processes have left wills: their sessions end with them. */
export function withWill(fault: Fault): Fault {
  return fault.endsProcess === true ? { ...fault, fallsSilent: false } : fault;
}

export function outcomeOf({ leader, fallsSilent }: Fault, sessionTimeoutMs: number): Outcome {
  if (fallsSilent === "perhaps") return { leader, silentMs: null };
  return { leader, silentMs: fallsSilent ? sessionTimeoutMs : 0 };
}

/** The longest time from the strike until the ensemble has removed the contender. */
export function removalMs({ fallsSilent }: Fault, timing: Timing): number {
  return fallsSilent !== false ? msOf(REMOVAL, timing) : 0;
}

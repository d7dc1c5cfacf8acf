/** What faults need that would also strike whoever shares the victim's thread. */
import type { Need } from "./fault.ts";

export const standsStillAlone = {
  what: "own-thread",
  because: "all that share a thread would stand still together",
} as const satisfies Need;

export const isHeldAlone = {
  what: "own-thread",
  because: "a thread is held while a session of it is ended from outside, with all others in it",
} as const satisfies Need;

/**
 * Finds leases that ran out although no fault had struck their candidates: the effect of a busy machine, or a
 * slow server.
 */
import type { Event } from "../history/event.ts";
import type { History } from "../history/history.ts";

/**
 * The numbers of the failovers in which a lease ran out, or before which one did since all had settled. A
 * victim's lease has to run out, until it returns.
 */
export function failoversWithLapses({ events }: History): number[] {
  const lapsed = new Set<number>();
  let before = false;
  let current: number | undefined;
  const struck = new Set<number>();
  for (const event of events) {
    if (event.type === "created") struck.delete(event.candidate);
    if (event.type === "fault") {
      current = event.failover;
      struck.add(event.victim);
      if (before) lapsed.add(event.failover);
      before = false;
    } else if (event.type === "settled" || event.type === "aborted" || event.type === "enrolled") {
      current = undefined;
      before = false;
    } else if (tellsOfLapse(event) && !struck.has(event.candidate)) {
      if (current === undefined) before = true;
      else lapsed.add(current);
    }
  }
  lapsed.delete(0);
  return [...lapsed];
}

/** The lease of a leader, or of a candidate that was about to lead. */
function tellsOfLapse(event: Event): boolean {
  return (
    (event.type === "ended" && event.reason === "lapsed") ||
    (event.type === "reading" && event.cause === "lapsed")
  );
}

/**
 * Finds writes to a trial's counter by a candidate that had already been succeeded. The common clock shows that
 * a write came too late; the versions of the counter, which the ensemble assigned in the order of acceptance,
 * show whether it was accepted after a write of its successor.
 */
import type { Event, EventOf } from "./event.ts";
import type { History } from "./history.ts";

export interface StaleWrite {
  /** The time of its outcome, in nanoseconds since the run's origin. */
  readonly at: number;
  readonly candidate: number;
  /** The token that it carried. */
  readonly czxid: number;
  /** A candidate that had claimed by then, or written before, with a higher token. */
  readonly successor: { readonly candidate: number; readonly czxid: number };
  readonly outcome: Outcome;
}

export type Outcome =
  /** The fence refused it. */
  | { readonly type: "refused" }
  /** Accepted before any write of a successor: no harm is done, and the fence could not have known. */
  | { readonly type: "unopposed"; readonly version: number }
  /** The harm: it overwrote a successor's write of that version. */
  | { readonly type: "accepted"; readonly version: number; readonly over: number };

type Write = EventOf<"wrote">;
type Tried = Write | EventOf<"refused">;

/** In chronological order. */
export function staleWritesOf({ events }: Pick<History, "events">): StaleWrite[] {
  const highest = highestBefore(events.filter((event): event is Write => event.type === "wrote"));
  const stale: StaleWrite[] = [];
  const claims: EventOf<"claimed">[] = [];
  for (const event of events) {
    if (event.type === "claimed") claims.push(event);
    if (event.type !== "wrote" && event.type !== "refused") continue;
    const before = event.type === "wrote" ? highest.get(event) : undefined;
    const successor = before ?? successorOf(event, claims);
    if (successor === undefined) continue;
    const { at, candidate, czxid } = event;
    stale.push({
      ...{ at, candidate, czxid },
      successor: { candidate: successor.candidate, czxid: successor.czxid },
      outcome: outcomeOf(event, before),
    });
  }
  return stale;
}

function successorOf({ candidate, czxid }: Tried, claims: readonly EventOf<"claimed">[]) {
  return claims.findLast((claim) => claim.czxid > czxid && claim.candidate !== candidate);
}

function outcomeOf(event: Tried, over: Write | undefined): Outcome {
  if (event.type === "refused") return { type: "refused" };
  const { version } = event;
  return over === undefined
    ? { type: "unopposed", version }
    : { type: "accepted", version, over: over.version };
}

/** Maps each write after one with a higher token to the write with the highest token before it. */
function highestBefore(writes: readonly Write[]): ReadonlyMap<Event, Write> {
  const before = new Map<Event, Write>();
  let highest: Write | undefined;
  for (const write of writes.toSorted((a, b) => a.version - b.version)) {
    if (highest !== undefined && highest.czxid > write.czxid) before.set(write, highest);
    else highest = write;
  }
  return before;
}

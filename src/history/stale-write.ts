/**
 * Finds writes to a trial's counter by a candidate that had already been succeeded. The common clock shows that
 * a write came too late; the versions of the counter, which the ensemble assigned in the order of acceptance,
 * show whether it was accepted after a write of its successor.
 */
import type { Event, EventOf } from "./event.ts";
import type { History } from "./history.ts";
import { Versions } from "./versions.ts";

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

type Claim = EventOf<"claimed">;
type Write = EventOf<"wrote"> | EventOf<"refused">;

interface Suspect {
  readonly write: Write;
  /** The last other candidate that had claimed with a higher token. */
  readonly successor: Claim | undefined;
}

interface Writer {
  readonly candidate: number;
  readonly czxid: number;
  readonly versions: Versions;
}

/**
 * The stale writes of a history that is being told. A candidate that claims afterwards has not written before:
 * so only a write with a lower token than the highest that has claimed can be stale.
 */
export class StaleWrites {
  /** Claims that can still be a successor's. */
  #claims: Claim[] = [];
  #highest = Number.NEGATIVE_INFINITY;
  /** Keyed by token. */
  readonly #writers = new Map<number, Writer>();
  readonly #suspects: Suspect[] = [];

  event(event: Event): void {
    if (event.type === "claimed") this.#claim(event);
    if (event.type === "wrote") this.#note(event);
    if (event.type !== "wrote" && event.type !== "refused") return;
    const { candidate, czxid } = event;
    if (czxid >= this.#highest) return;
    const successor = this.#claims.findLast((claim) => claim.czxid > czxid && claim.candidate !== candidate);
    this.#suspects.push({ write: event, successor });
  }

  /** Stale writes in chronological order, once everything is told. */
  found(): StaleWrite[] {
    const ahead = this.#writersByVersion();
    return this.#suspects.flatMap(({ write, successor }): StaleWrite[] => {
      const before = write.type === "wrote" ? overwritten(write, ahead) : undefined;
      const over = before ?? successor;
      if (over === undefined) return [];
      const { at, candidate, czxid } = write;
      return [
        {
          ...{ at, candidate, czxid },
          successor: { candidate: over.candidate, czxid: over.czxid },
          outcome: outcomeOf(write, before),
        },
      ];
    });
  }

  #claim(claim: Claim): void {
    const { candidate, czxid } = claim;
    this.#highest = Math.max(this.#highest, czxid);
    this.#claims = this.#claims.filter((one) => one.candidate !== candidate || one.czxid > czxid);
    this.#claims.push(claim);
  }

  #note({ candidate, czxid, version }: EventOf<"wrote">): void {
    const writer = this.#writers.get(czxid) ?? { candidate, czxid, versions: new Versions() };
    writer.versions.add(version);
    this.#writers.set(czxid, writer);
  }

  /** Writers in the order of their first versions, without those that were stale from the first one on. */
  #writersByVersion(): Writer[] {
    const writers = [...this.#writers.values()].sort((a, b) => a.versions.first - b.versions.first);
    let highest = Number.NEGATIVE_INFINITY;
    return writers.filter(({ czxid }) => {
      const isAhead = czxid > highest;
      highest = Math.max(highest, czxid);
      return isAhead;
    });
  }
}

/** Chronological. */
export function staleWritesOf({ events }: Pick<History, "events">): StaleWrite[] {
  const stale = new StaleWrites();
  for (const event of events) stale.event(event);
  return stale.found();
}

interface Overwritten {
  readonly candidate: number;
  readonly czxid: number;
  readonly version: number;
}

/** The last write before this one with the highest token before it, if that is higher than its own. */
function overwritten(
  { czxid, version }: EventOf<"wrote">,
  ahead: readonly Writer[],
): Overwritten | undefined {
  // Finds the last one whose first version is lower.
  let low = 0;
  let high = ahead.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ahead[middle]?.versions.first ?? 0) < version) low = middle + 1;
    else high = middle;
  }
  const writer = ahead[low - 1];
  const below = writer?.versions.below(version);
  if (writer === undefined || below === undefined || writer.czxid <= czxid) return undefined;
  return { candidate: writer.candidate, czxid: writer.czxid, version: below };
}

function outcomeOf(write: Write, over: Overwritten | undefined): Outcome {
  if (write.type === "refused") return { type: "refused" };
  const { version } = write;
  return over === undefined
    ? { type: "unopposed", version }
    : { type: "accepted", version, over: over.version };
}

/**
 * Writes to a trial's counter by a candidate that another one had already succeeded. That it came too late is
 * told by the one clock; whether it was accepted behind a write of its successor, by the versions of the
 * counter, which the ensemble itself gave in the order in which it accepted.
 */
import type { Event, EventOf } from "./event.ts";
import type { History } from "./history.ts";
import { Versions } from "./versions.ts";

export interface StaleWrite {
  /** When its outcome came, in nanoseconds since the run's origin. */
  readonly at: number;
  readonly candidate: number;
  /** The token that it brought. */
  readonly czxid: number;
  /** Who had claimed by then, or written before, with a higher token. */
  readonly successor: { readonly candidate: number; readonly czxid: number };
  readonly outcome: Outcome;
}

export type Outcome =
  /** By the fence. */
  | { readonly type: "refused" }
  /** Before any write of a successor: no harm is done, and the fence could not have known. */
  | { readonly type: "unopposed"; readonly version: number }
  /** The harm: over what a successor had written in that version. */
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
 * The stale writes of a history that is being told. Whoever claims afterwards has not written before: so only a
 * write with a lower token than the highest that has claimed can be stale.
 */
export class StaleWrites {
  /** Those that can still be somebody's successor. */
  #claims: Claim[] = [];
  #highest = Number.NEGATIVE_INFINITY;
  /** By their tokens. */
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

  /** In the order of time: for when all is told. */
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

  /** In the order of their first versions, without those that were stale from the first one on. */
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

/** In the order of time. */
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

/** The last write before this one with the highest token before it, where that is higher than its own. */
function overwritten(
  { czxid, version }: EventOf<"wrote">,
  ahead: readonly Writer[],
): Overwritten | undefined {
  // The last whose first version is lower.
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

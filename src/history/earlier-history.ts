/**
 * Reads histories of earlier versions. Up to 0.5.0 a file had no schema, the trials followed each other, and a
 * trial had one fault: its header said what all its strikes must lead to. The server of a session was not
 * recorded. Up to 0.4.0 nor was the reason why a server did not report its counts. Up to 0.2.0 there was no
 * announcement, no lease and no counter.
 */
import type { Event, EventOf } from "./event.ts";
import type { FileLine } from "./file-line.ts";
import type { TrialHeader } from "./header.ts";
import type { Remains } from "./history.ts";
import type { Observations } from "./observations.ts";
import type { Strike } from "./strike.ts";

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

interface EarlierHeader extends Optional<TrialHeader, "counter"> {
  readonly unseatsLeader: boolean;
  readonly boundMs: number;
  readonly expectedNotifications: number;
  readonly expectedAnnouncements?: number;
}

type EarlierEvent =
  | Exclude<Event, EventOf<"thawed" | "connected">>
  | Optional<EventOf<"thawed">, "lease">
  | Optional<EventOf<"connected">, "server">;

type EarlierObservations = Optional<Observations, "serverTroubles">;

export type EarlierLine =
  | { readonly header: TrialHeader | EarlierHeader }
  | { readonly strike: Strike }
  | { readonly event: EarlierEvent }
  | { readonly remains: Remains }
  | { readonly observations: EarlierObservations };

/** Converts the lines of an earlier version's file to this version's form. */
export class EarlierFile {
  #header: TrialHeader | EarlierHeader | undefined;
  #remains: Remains | null = null;
  #observations: Observations | null = null;

  *lines(line: EarlierLine): Generator<FileLine> {
    if ("header" in line) {
      // When the next trial begins, the one before is complete.
      if (this.#header !== undefined) yield this.#end(this.#header);
      this.#header = line.header;
      yield { trial: line.header.trial, header: completeHeader(line.header) };
    } else if ("remains" in line) this.#remains = line.remains;
    else if ("observations" in line) this.#observations = completeObservations(line.observations);
    else if ("strike" in line) yield line;
    else {
      const event = completeEvent(line.event);
      if (event.type === "fault" && this.#header !== undefined && "unseatsLeader" in this.#header)
        yield { strike: strikeOf(event, this.#header) };
      yield { event };
    }
  }

  /** The last trial is complete if its final part is there. */
  *rest(): Generator<FileLine> {
    const isWhole = this.#observations !== null || this.#remains !== null;
    if (this.#header !== undefined && isWhole) yield this.#end(this.#header);
  }

  #end({ trial }: { readonly trial: number }): FileLine {
    const end = { remains: this.#remains, observations: this.#observations };
    this.#remains = null;
    this.#observations = null;
    return { trial, end };
  }
}

/** Existing values stay as they are; conditions that did not exist yet are filled in by the reader. */
function completeHeader(header: TrialHeader | EarlierHeader): TrialHeader {
  const before = { counter: "none" } as const;
  if (!("unseatsLeader" in header)) return { ...before, ...header };
  const {
    unseatsLeader: _,
    boundMs: __,
    expectedNotifications: ___,
    expectedAnnouncements: ____,
    ...rest
  } = header;
  return { ...before, ...rest };
}

/** Only one of the five faults of that time made the victim fall silent. */
function strikeOf({ at, failover, victim }: EventOf<"fault">, header: EarlierHeader): Strike {
  const { fault, unseatsLeader, boundMs, expectedNotifications, expectedAnnouncements = 0 } = header;
  return {
    failover,
    fault,
    victims: [victim],
    startedAt: at,
    endedAt: null,
    expects: {
      leader: unseatsLeader ? "next" : "same",
      withinMs: boundMs,
      silentMs: fault === "freeze" ? header.sessionTimeoutMs : 0,
      notifications: expectedNotifications,
      announcements: expectedAnnouncements,
    },
  };
}

function completeEvent(event: EarlierEvent): Event {
  switch (event.type) {
    case "thawed":
      return { ...event, lease: event.lease ?? "none" };
    case "connected":
      return { ...event, server: event.server ?? "unknown" };
    default:
      return event;
  }
}

function completeObservations(observations: EarlierObservations): Observations {
  return { ...observations, serverTroubles: observations.serverTroubles ?? [] };
}

/**
 * A candidate's biography: its own events and the faults that struck it, whoever recorded them. It shows
 * whether a session was alive at an instant, which only later events can tell.
 */
import type { Event } from "../history/event.ts";
import type { History } from "../history/history.ts";

export type Biography = readonly Event[];

export function biographiesOf(history: History): ReadonlyMap<number, Biography> {
  const biographies = new Map<number, Event[]>();
  for (const event of history.events) {
    const candidate = event.type === "fault" ? event.victim : event.candidate;
    const biography = biographies.get(candidate);
    if (biography === undefined) biographies.set(candidate, [event]);
    else biography.push(event);
  }
  return biographies;
}

export type Fate = "alive" | "dead" | "undecided";

/**
 * Whether the session that a candidate had at an instant was still alive then.
 *
 * - alive: it got an answer to a request made after the instant, or was connected again after it, or nothing
 *   had happened to it when a fault struck it, or when the candidate itself closed it;
 * - dead: the next thing known about it is that it has expired;
 * - undecided: nothing more is known about it.
 *
 * An answer to an earlier request proves nothing, since a thread that stood still reads it long after the
 * session has died. Nor does a list that a struck leader requests because its lease has run out, if the next
 * thing that it learns is that its session has expired: the server that answered may not have known that yet.
 */
export function sessionFate(biography: Biography, at: number): Fate {
  let session: string | undefined;
  let struck = false;
  let asked = false;
  let cutOff = false;
  /** The request was that of a struck leader whose lease has run out. */
  let doubtful = false;
  let answered = false;
  for (const event of biography) {
    const later = event.at > at;
    switch (event.type) {
      case "connected": {
        const connected = `${event.sessionHigh}/${event.sessionLow}`;
        if (later) return connected === session ? "alive" : session === undefined ? "undecided" : "dead";
        if (connected !== session) struck = false;
        session = connected;
        cutOff = false;
        break;
      }
      case "suspended":
        cutOff = true;
        break;
      case "expired":
        if (later) return answered ? "undecided" : "dead";
        cutOff = true;
        break;
      case "fault":
        if (later && !cutOff && !struck) return "alive";
        struck = true;
        break;
      case "closing":
        if (later) return struck || cutOff ? "undecided" : "alive";
        break;
      case "reading":
        if (later) asked = true;
        doubtful = struck && event.cause === "lapsed";
        break;
      case "removing":
        if (later) asked = true;
        doubtful = false;
        break;
      case "read":
      case "armed":
      case "removed":
        if (later && asked && !doubtful) return "alive";
        if (later && asked) answered = true;
        // After a list the candidate requests the znode that it is going to watch.
        if (later && event.type === "read") asked = true;
        break;
      default:
        break;
    }
  }
  return "undecided";
}

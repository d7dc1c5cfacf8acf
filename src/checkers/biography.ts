/**
 * A candidate's biography: its own events and the faults that struck it, whoever recorded them. From it
 * follows whether a session was alive at an instant, which only later events can tell.
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
 * - alive: it answered what was asked after the instant, or was connected again after it, or nothing had
 *   happened to it when a fault struck it, or when the candidate itself closed it;
 * - dead: the next that was heard of it is that it has expired;
 * - undecided: nothing was heard of it any more. An answer to an earlier question proves nothing, since
 *   a thread that stood still finds it long after the session has died.
 */
export function sessionFate(biography: Biography, at: number): Fate {
  let session: string | undefined;
  let struck = false;
  let asked = false;
  let cutOff = false;
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
        if (later) return "dead";
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
      case "removing":
        if (later) asked = true;
        break;
      case "read":
      case "armed":
      case "removed":
        if (later && asked) return "alive";
        // After a list the candidate asks for the znode that it is going to watch.
        if (later && event.type === "read") asked = true;
        break;
      default:
        break;
    }
  }
  return "undecided";
}

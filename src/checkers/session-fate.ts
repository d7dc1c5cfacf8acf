/** Decides whether a session was alive at an instant, which only later events can tell. */
import type { Event } from "../history/event.ts";

export type Fate = "alive" | "dead" | "undecided";

/** The candidate that an event is about: the one that recorded it, or the one that a fault strikes. */
export function subjectOf(event: Event): number {
  return event.type === "fault" ? event.victim : event.candidate;
}

/** The known state of a candidate's session. */
class Session {
  session: string | undefined;
  struck = false;
  cutOff = false;
  asked = false;
  answered = false;
  /** The request was that of a struck leader whose lease has run out. */
  doubtful = false;

  /**
   * @param later whether the event comes after the instant in question: then it may give the answer, if that is
   * certain
   */
  event(event: Event, later: boolean): Fate | undefined {
    switch (event.type) {
      case "connected": {
        const connected = `${event.sessionHigh}/${event.sessionLow}`;
        if (later)
          return connected === this.session ? "alive" : this.session === undefined ? "undecided" : "dead";
        if (connected !== this.session) this.struck = false;
        this.session = connected;
        this.cutOff = false;
        return undefined;
      }
      case "suspended":
        this.cutOff = true;
        return undefined;
      case "expired":
        if (later) return this.answered ? "undecided" : "dead";
        this.cutOff = true;
        return undefined;
      case "fault":
        if (later && !this.cutOff && !this.struck) return "alive";
        this.struck = true;
        return undefined;
      case "closing":
        return later ? (this.struck || this.cutOff ? "undecided" : "alive") : undefined;
      case "reading":
        if (later) this.asked = true;
        this.doubtful = this.struck && event.cause === "lapsed";
        return undefined;
      case "removing":
        if (later) this.asked = true;
        this.doubtful = false;
        return undefined;
      case "read":
      case "armed":
      case "removed":
        if (later && this.asked && !this.doubtful) return "alive";
        if (later && this.asked) this.answered = true;
        // After a list the candidate requests the znode that it is going to watch.
        if (later && event.type === "read") this.asked = true;
        return undefined;
      default:
        return undefined;
    }
  }
}

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
export interface Question {
  /** The fate as far as it is known. */
  readonly fate: Fate;
  /** Whether later events cannot change it. */
  readonly isSettled: boolean;
}

interface OpenQuestion {
  fate: Fate;
  isSettled: boolean;
  readonly candidate: number;
  readonly at: number;
  readonly session: Session;
}

/** Answers questions about sessions while a history is told. */
export class SessionFates {
  readonly #sessions = new Map<number, Session>();
  #open: OpenQuestion[] = [];

  event(event: Event): void {
    const subject = subjectOf(event);
    const session = this.#sessions.get(subject) ?? new Session();
    this.#sessions.set(subject, session);
    session.event(event, false);
    if (this.#open.length === 0) return;
    for (const question of this.#open) {
      if (question.candidate !== subject) continue;
      const fate = question.session.event(event, event.at > question.at);
      if (fate === undefined) continue;
      question.fate = fate;
      question.isSettled = true;
    }
    if (this.#open.some(({ isSettled }) => isSettled))
      this.#open = this.#open.filter(({ isSettled }) => !isSettled);
  }

  /** The fate of the session that the candidate has at this instant, after the last event told. */
  ask(candidate: number, at: number): Question {
    const session = Object.assign(new Session(), this.#sessions.get(candidate));
    const question: OpenQuestion = { fate: "undecided", isSettled: false, candidate, at, session };
    this.#open.push(question);
    return question;
  }
}

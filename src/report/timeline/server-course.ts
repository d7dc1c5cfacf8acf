/**
 * What each server of an ensemble did in a trial, stretch by stretch: its role, as far as that was seen, and
 * how many candidates it served. Roles are noted between failovers only, so the moment at which one changed
 * within a failover is not known.
 */
import type { Event, EventOf, ServerState } from "../../history/event.ts";
import type { Role, RolesSeen } from "../../history/own-servers.ts";

/** `unseen`: it may have changed its role meanwhile; `silent`: it did not answer when it was asked. */
export type ServerActivity = Role | Exclude<ServerState, "back"> | "unseen" | "silent";

export interface ServerStretch {
  readonly from: number;
  readonly to: number;
  readonly state: ServerActivity;
  /** The number of candidates that are connected to it; `null` while nobody knows where some of them are. */
  readonly serves: number | null;
}

/** A time during which a session was connected to a server. */
export interface Connection {
  readonly candidate: number;
  /** The server's place, from 1; `null` if nobody knows. */
  readonly server: number | null;
  readonly from: number;
  readonly to: number;
}

export interface ServerRecord {
  /** Each server's stretches, in their order; none before the first look at it. */
  readonly courses: readonly (readonly ServerStretch[])[];
  /** The earliest first. */
  readonly connections: readonly Connection[];
}

type Draft = { -readonly [F in keyof ServerStretch]: ServerStretch[F] };

/** `null` if nobody noted the servers' roles: for one server, and for a user's own. */
export function serverRecord(events: readonly Event[], seen: readonly RolesSeen[]): ServerRecord | null {
  const [first] = seen;
  if (first === undefined) return null;
  const record = new Recording(first, seen);
  for (const event of events) record.event(event);
  return record.upTo(events.at(-1)?.at ?? 0);
}

class Recording {
  /** The looks to come, and the last one, which holds until then. */
  readonly #looks: RolesSeen[];
  #last: RolesSeen;
  readonly #courses: Draft[][];
  /** The number of candidates that each one serves, and of those that are somewhere. */
  readonly #served: number[];
  #elsewhere = 0;
  readonly #down = new Set<number>();
  /** Whether somebody looks as soon as no server is down. */
  #isDue = false;
  /** The last failover that has ended. */
  #ended = 0;
  readonly #connected = new Map<number, Omit<Connection, "to">>();
  readonly #connections: Connection[] = [];

  constructor(first: RolesSeen, looks: readonly RolesSeen[]) {
    this.#last = first;
    this.#looks = [...looks];
    this.#courses = first.roles.map(() => []);
    this.#served = first.roles.map(() => 0);
  }

  event(event: Event): void {
    const { at, candidate } = event;
    for (let [next] = this.#looks; next?.at !== undefined && next.at <= at; [next] = this.#looks)
      this.#find(next.at, next);
    switch (event.type) {
      case "connected":
        this.#disconnect(at, candidate);
        this.#connect(at, candidate, event.server === "unknown" ? null : Number(event.server));
        break;
      case "suspended":
      case "expired":
      case "closed":
        this.#disconnect(at, candidate);
        break;
      case "fault":
        this.#doubt(at, event.failover);
        break;
      case "server":
        this.#strike(event);
        break;
      case "settled":
      case "aborted":
        this.#ended = Math.max(this.#ended, event.failover);
        this.#look(at);
        break;
      case "enrolled":
        this.#look(at);
        break;
    }
  }

  upTo(finish: number): ServerRecord {
    for (const connection of this.#connected.values()) this.#connections.push({ ...connection, to: finish });
    for (const last of this.#courses.flatMap((course) => course.at(-1) ?? [])) last.to = finish;
    return { courses: this.#courses, connections: this.#connections.sort((a, b) => a.from - b.from) };
  }

  /** A server that is found in another role after this failover may have it from the strike on. */
  #doubt(at: number, failover: number): void {
    const [next] = this.#looks;
    if (next === undefined || next.failover > Math.max(failover, this.#ended)) return;
    this.#last.roles.forEach((role, index) => {
      const isDown = this.#down.has(index + 1);
      if (!isDown && role !== next.roles[index]) this.#change(at, index, { state: "unseen" });
    });
  }

  #strike({ at, server, state }: EventOf<"server">): void {
    const isBack = state === "back";
    this.#change(at, server - 1, { state: isBack ? "unseen" : state });
    if (!isBack) this.#down.add(server);
    else if (this.#down.delete(server) && this.#isDue) this.#look(at);
  }

  /** Between failovers somebody looks, when servers that were struck are back. */
  #look(at: number): void {
    this.#isDue = this.#down.size > 0;
    if (this.#isDue) return;
    // There is another look only if it found other roles.
    const [next] = this.#looks;
    const isNext = next !== undefined && next.failover <= this.#ended;
    if (!isNext || next.at === undefined) this.#find(at, isNext ? next : this.#last);
  }

  #find(at: number, look: RolesSeen): void {
    if (look === this.#looks[0]) this.#looks.shift();
    this.#last = look;
    look.roles.forEach((role, index) => {
      const state = role ?? "silent";
      const course = this.#courses[index];
      if (course?.length === 0) course.push({ from: at, to: at, state, serves: this.#serves(index) });
      else this.#change(at, index, { state });
    });
  }

  #connect(at: number, candidate: number, server: number | null): void {
    this.#connected.set(candidate, { candidate, server, from: at });
    this.#count(at, server, 1);
  }

  #disconnect(at: number, candidate: number): void {
    const connection = this.#connected.get(candidate);
    if (connection === undefined) return;
    this.#connected.delete(candidate);
    this.#connections.push({ ...connection, to: at });
    this.#count(at, connection.server, -1);
  }

  #count(at: number, server: number | null, more: 1 | -1): void {
    if (server === null) this.#elsewhere += more;
    else this.#served[server - 1] = (this.#served[server - 1] ?? 0) + more;
    this.#courses.forEach((_, index) => {
      this.#change(at, index, { serves: this.#serves(index) });
    });
  }

  #serves(index: number): number | null {
    return this.#elsewhere > 0 ? null : (this.#served[index] ?? 0);
  }

  /** Begins another stretch, if it differs; nothing before the first look. */
  #change(at: number, index: number, change: Partial<Pick<Draft, "state" | "serves">>): void {
    const last = this.#courses[index]?.at(-1);
    if (last === undefined) return;
    const next = { ...last, ...change };
    if (next.state === last.state && next.serves === last.serves) return;
    if (last.from === at) Object.assign(last, change);
    else {
      last.to = at;
      this.#courses[index]?.push({ ...next, from: at, to: at });
    }
  }
}

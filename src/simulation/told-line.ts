/** The line of contenders in words, as the candidates of a simulated run see it: for its timeline. */
import type { Contender } from "../election/contenders.ts";
import type { Election } from "../election/election.ts";
import type { ElectionState } from "../election/election-events.ts";
import type { Term } from "../election/term.ts";
import type { Event, EventKind, EventOf } from "../history/event.ts";
import { type CandidateState, Line } from "../history/line.ts";

export class ToldLine {
  readonly #line = new Line();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Listens to what an election of that candidate says of itself. */
  follow(candidate: number, election: Election): void {
    let own = 0;
    const see = <K extends EventKind>(type: K, values: Omit<EventOf<K>, "at" | "candidate" | "type">) =>
      this.#line.event({ at: this.#now(), candidate, type, ...values } as Event);
    const watched = (watching: Contender | "children") =>
      watching === "children"
        ? ({ watch: "children", sequence: own } as const)
        : ({ watch: "contender", sequence: watching.sequence } as const);
    election.on("creating", () => see("creating", {}));
    election.on("created", ({ sequence }, czxid) => {
      own = sequence;
      see("created", { sequence, czxid });
    });
    election.on("armed", (watching) => see("armed", watched(watching)));
    election.on("notified", (watching, event) => {
      // Data that somebody else has written end nothing.
      if (event !== "changed") see("notified", watched(watching));
    });
    election.on("claimed", ({ contender: { sequence }, token }) =>
      see("claimed", { sequence, czxid: token }),
    );
    election.on("ended", ({ contender: { sequence } }, reason) => see("ended", { sequence, reason }));
    election.on("removed", ({ sequence }) => see("removed", { sequence }));
    election.on("state", ({ state }) => {
      const type = sessionIn(state);
      if (type === "connected") see(type, { sessionHigh: 0, sessionLow: 0, server: "unknown" });
      else see(type, {});
    });
  }

  /** Its process has died, and with it the term that it had. */
  dies(candidate: number, term: Term | undefined): void {
    const at = { at: this.#now(), candidate };
    if (term !== undefined)
      this.#line.event({ ...at, type: "ended", sequence: term.contender.sequence, reason: "died" });
    this.#line.event({ ...at, type: "expired" });
  }

  /** "3 (candidate 0) leads, 4 (candidate 1, cut off) watches 3": contenders by number, the oldest first. */
  get text(): string {
    return this.#line.contenders.map(inWords).join(", ");
  }
}

function inWords({ candidate, sequence, watches, session, term }: CandidateState): string {
  const what = term?.until === null ? "leads" : watches === null ? "looks" : `watches ${watches}`;
  return `${sequence} (candidate ${candidate}${session === "suspended" ? ", cut off" : ""}) ${what}`;
}

function sessionIn(state: ElectionState["state"]): "connected" | "suspended" | "expired" {
  switch (state) {
    case "suspended":
      return "suspended";
    case "rejoining":
    case "over":
      return "expired";
    case "idle":
    case "joining":
    case "looking":
    case "waiting":
    case "heir":
    case "leading":
    case "resigning":
      return "connected";
    default:
      return state satisfies never;
  }
}

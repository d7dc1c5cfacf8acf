/** Tells what an election on the model says of itself, as the lab records it of a real one. */
import type { Contender } from "../election/contenders.ts";
import type { Election } from "../election/election.ts";
import type { ElectionState } from "../election/election-events.ts";
import type { Event, EventKind, EventOf } from "../history/event.ts";

/** @param now virtual milliseconds */
export function tellElection(
  candidate: number,
  election: Election,
  now: () => number,
  tell: (event: Event) => void,
): void {
  let own = 0;
  const see = <K extends EventKind>(type: K, values: Omit<EventOf<K>, "at" | "candidate" | "type">) =>
    tell({ at: nanoseconds(now()), candidate, type, ...values } as Event);
  const watched = (watching: Contender | "children") =>
    watching === "children"
      ? ({ watch: "children", sequence: own } as const)
      : ({ watch: "contender", sequence: watching.sequence } as const);
  election.on("creating", () => see("creating", {}));
  election.on("created", ({ sequence }, czxid) => {
    own = sequence;
    see("created", { sequence, czxid });
  });
  election.on("reading", (cause) => see("reading", { cause }));
  election.on("read", (contenders) => see("read", { contenders }));
  election.on("armed", (watching) => see("armed", watched(watching)));
  election.on("notified", (watching, event) => {
    // Data that somebody has written end nothing.
    const announced = event === "changed" ? ({ watch: "announcement" } as const) : {};
    see("notified", { ...watched(watching), ...announced });
  });
  election.on("claimed", ({ contender: { sequence }, token }) => see("claimed", { sequence, czxid: token }));
  election.on("announced", () => see("announced", {}));
  election.on("ended", ({ contender: { sequence }, validUntil }, reason) => {
    see("leased", { until: nanoseconds(validUntil) });
    see("ended", { sequence, reason });
  });
  election.on("removing", ({ sequence }) => see("removing", { sequence }));
  election.on("removed", ({ sequence }) => see("removed", { sequence }));
  election.on("state", ({ state }) => {
    const type = sessionIn(state);
    if (type === "connected") see(type, { sessionHigh: 0, sessionLow: 0, server: "unknown" });
    else see(type, {});
  });
}

export function nanoseconds(ms: number): number {
  return Math.round(ms * 1e6);
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

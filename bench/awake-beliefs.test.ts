import { expect, test } from "vitest";
import type { Event } from "../src/history/event.ts";
import { awakeBeliefs } from "./awake-beliefs.ts";

function event(ms: number, type: "claimed" | "thawed" | "ended", candidate: number): Event {
  const base = { at: ms * 1e6, candidate };
  switch (type) {
    case "claimed":
      return { ...base, type, sequence: candidate, czxid: candidate };
    case "thawed":
      return { ...base, type, lease: "none" };
    case "ended":
      return { ...base, type, sequence: candidate, reason: "suspended" };
    default:
      return type satisfies never;
  }
}

test("the time counts from going on until the term's end, and only for those that lead", () => {
  const events = [
    event(0, "claimed", 0),
    event(10, "claimed", 1),
    event(20, "thawed", 0),
    event(21, "thawed", 2),
    event(25, "ended", 0),
    event(30, "ended", 1),
  ];
  expect(awakeBeliefs(events)).toEqual([5]);
  // It had learned of its end before it paused.
  expect(awakeBeliefs([...events, event(40, "thawed", 1), event(50, "ended", 2)])).toEqual([5]);
});

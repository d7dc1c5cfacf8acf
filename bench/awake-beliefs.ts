/** What a pause leaves behind: a leader that runs again, and does not know yet that it no longer leads. */
import type { Event } from "../src/history/event.ts";
import { readTrials } from "../src/history/reader.ts";

/** The milliseconds until it stopped believing that it leads, for each leader that goes on after a pause. */
export function awakeBeliefs(events: readonly Event[]): number[] {
  const leading = new Set<number>();
  const awakeSince = new Map<number, number>();
  const beliefs: number[] = [];
  for (const { type, candidate, at } of events) {
    if (type === "claimed") leading.add(candidate);
    else if (type === "thawed" && leading.has(candidate)) awakeSince.set(candidate, at);
    else if (type === "ended") {
      const since = awakeSince.get(candidate);
      if (since !== undefined) beliefs.push((at - since) / 1e6);
      leading.delete(candidate);
      awakeSince.delete(candidate);
    }
  }
  return beliefs;
}

/** The longest of each trial that has some, by the trial's number. */
export async function longestAwakeBeliefs(historyFile: string): Promise<Map<number, number>> {
  const longest = new Map<number, number>();
  for await (const { header, events } of readTrials(historyFile)) {
    const beliefs = awakeBeliefs(events);
    if (beliefs.length > 0) longest.set(header.trial, Math.max(...beliefs));
  }
  return longest;
}

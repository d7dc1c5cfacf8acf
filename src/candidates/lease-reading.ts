/** What a term says of its lease, and how it is recorded. */
import type { ElectionState } from "../election/election-events.ts";
import type { Term } from "../election/term.ts";
import { leases } from "../history/event.ts";
import type { Recorder } from "../history/recorder.ts";

export function recordLease(recorder: Recorder, term: Term): void {
  recorder.record("leased", recorder.momentOf(term.validUntil));
}

/** To be called as the first thing that the thread does when it goes on. */
export function recordThaw(recorder: Recorder, state: ElectionState | undefined): void {
  const term = state?.state === "leading" ? state.term : undefined;
  const said = term === undefined ? "none" : term.valid ? "valid" : "lapsed";
  if (term !== undefined) recordLease(recorder, term);
  recorder.record("thawed", leases.indexOf(said));
}

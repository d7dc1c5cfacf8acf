/** Reads a term's lease, and records it. */
import type { ElectionState } from "../election/election-events.ts";
import type { Term } from "../election/term.ts";
import { leases } from "../history/event.ts";
import type { Recorder } from "../history/recorder.ts";

export function recordLease(recorder: Recorder, term: Term): void {
  recorder.record("leased", recorder.momentOf(term.validUntil));
}

/** Call this first when the thread goes on. */
export function recordThaw(recorder: Recorder, state: ElectionState | undefined): void {
  const term = state?.state === "leading" ? state.term : undefined;
  const said = term === undefined ? "none" : term.valid ? "valid" : "lapsed";
  if (term !== undefined) recordLease(recorder, term);
  recorder.record("thawed", leases.indexOf(said));
}

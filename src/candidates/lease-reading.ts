/**
 * What a term says of its lease, and how it is recorded.
 *
 * SEAM: where the election's terms have no lease yet, nothing is recorded. When all have one, `leaseOf` goes, and
 * the term itself is read.
 */
import type { ElectionState, Term } from "../election/election.ts";
import { leases } from "../history/event.ts";
import type { Recorder } from "../history/recorder.ts";

interface LeaseReading {
  /** Whether the lease holds at this very moment. */
  readonly valid: boolean;
  /** Until when it holds if nothing more is heard: milliseconds of `performance.now()`. */
  readonly leaseUntil: number;
}

function leaseOf(term: Term): LeaseReading | undefined {
  return "valid" in term && "leaseUntil" in term ? (term as Term & LeaseReading) : undefined;
}

export function recordLease(recorder: Recorder, term: Term): void {
  const lease = leaseOf(term);
  if (lease !== undefined) recorder.record("leased", recorder.momentOf(lease.leaseUntil));
}

/** To be called as the first thing that the thread does when it goes on. */
export function recordThaw(recorder: Recorder, state: ElectionState | undefined): void {
  const lease = state?.state === "leading" ? leaseOf(state.term) : undefined;
  const said = lease === undefined ? "none" : lease.valid ? "valid" : "lapsed";
  if (state?.state === "leading") recordLease(recorder, state.term);
  recorder.record("thawed", leases.indexOf(said));
}

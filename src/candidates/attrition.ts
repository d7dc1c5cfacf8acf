/** Judges lost sessions of candidates that no fault has struck: the machine is too busy for so many. */
import { CandidateFailed } from "./blame.ts";

/** If more have lost theirs, those that join again cost the others theirs: it never settles. */
const BEARABLE_SHARE = 0.1;
/** This few are always acceptable. */
const FEW = 20;

/** How many candidates may lose their sessions while others join: they join again. */
export function bearable(candidates: number): number {
  return Math.max(FEW, BEARABLE_SHARE * candidates);
}

/** The reason why a trial cannot go on. */
export function attrition(
  lost: number,
  { candidates, sessionTimeoutMs }: { readonly candidates: number; readonly sessionTimeoutMs: number },
): CandidateFailed {
  return new CandidateFailed(
    "ensemble",
    `${lost} of ${candidates} candidates lost their sessions, although no fault had struck them: ` +
      tooBusy(sessionTimeoutMs),
  );
}

/** The problem, and what to do about it. */
export function tooBusy(sessionTimeoutMs: number): string {
  return (
    "this machine or the servers are too busy for so many, or out of reach; use fewer --candidates, or a longer " +
    `--session-timeout than ${sessionTimeoutMs}`
  );
}

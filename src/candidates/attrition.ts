/** Sessions that candidates lose though no fault has struck them: the machine is too busy for so many. */
import { CandidateFailed } from "./blame.ts";

/** Where more have lost theirs, those that join again cost the others theirs: it does not come to rest. */
const BEARABLE_SHARE = 0.1;
/** So few cost nobody anything. */
const FEW = 20;

/** How many may lose their sessions while others join: they join again. */
export function bearable(candidates: number): number {
  return Math.max(FEW, BEARABLE_SHARE * candidates);
}

/** Why a trial cannot go on. */
export function attrition(
  lost: number,
  { candidates, sessionTimeoutMs }: { readonly candidates: number; readonly sessionTimeoutMs: number },
): CandidateFailed {
  return new CandidateFailed(
    "ensemble",
    `${lost} of ${candidates} candidates lost their sessions, though no fault had struck them: ` +
      tooBusy(sessionTimeoutMs),
  );
}

/** What is wrong then, and what to do. */
export function tooBusy(sessionTimeoutMs: number): string {
  return (
    "this machine or the servers are too busy for so many, or out of reach; give fewer --candidates, or a longer " +
    `--session-timeout than ${sessionTimeoutMs}`
  );
}

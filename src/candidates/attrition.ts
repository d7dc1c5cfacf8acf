/** Sessions that candidates lose though no fault has struck them: the machine is too busy for so many. */
import { CandidateFailed } from "./blame.ts";

/** Where more have lost theirs, those that join again cost the others theirs: it does not come to rest. */
const MOST_SHARE = 0.1;
/** In a small crowd. */
const MOST = 3;

export interface Attrition {
  /** How many are without a session that nobody has struck. */
  readonly lost: number;
  readonly candidates: number;
  readonly sessionTimeoutMs: number;
}

/** @throws {CandidateFailed} when there are too many of them */
export function checkAttrition({ lost, candidates, sessionTimeoutMs }: Attrition): void {
  if (lost <= Math.max(MOST, MOST_SHARE * candidates)) return;
  throw new CandidateFailed(
    "ensemble",
    `${lost} of ${candidates} candidates have lost their sessions, and no fault has struck them: ` +
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

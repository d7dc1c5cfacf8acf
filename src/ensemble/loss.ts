/** Detects that an ensemble is gone, and why: no further trial can run on it then. */
import { messageOf } from "../thrown.ts";
import type { Ensemble } from "./ensemble.ts";

/** Makes the coordinator's session live again, or says why that is impossible. */
export async function lossOf(ensemble: Pick<Ensemble, "ended" | "revive">): Promise<string | undefined> {
  const silent = ensemble.revive().then(
    () => undefined,
    (error) => `the ensemble no longer answers:  ${messageOf(error)}`,
  );
  return Promise.race([ensemble.ended, silent]);
}

/** That an ensemble is gone, and why: no further trial can be tried on it then. */
import { messageOf } from "../thrown.ts";
import type { Ensemble } from "./ensemble.ts";

/** Has the coordinator's session alive again, or says why that cannot be. */
export async function lossOf(ensemble: Pick<Ensemble, "ended" | "revive">): Promise<string | undefined> {
  const silent = ensemble.revive().then(
    () => undefined,
    (error) => `the ensemble does not answer any more: ${messageOf(error)}`,
  );
  return Promise.race([ensemble.ended, silent]);
}

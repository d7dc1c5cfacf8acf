/**
 * Says who is to blame when something fails in a trial: this decides whether a person or a programmer has to
 * act.
 */
import { CampaignEnded } from "../election/connection.ts";
import type { Blame } from "../history/observations.ts";
import { LabError } from "../lab-error.ts";
import { isDiskError } from "../unwritable.ts";
import { ZooKeeperError } from "../zookeeper/errors.ts";

export function blameOf(error: unknown): Blame {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof CandidateFailed) return at.blame;
  // If nobody has resigned, only the ensemble ends a campaign here.
  if (error instanceof ZooKeeperError || error instanceof CampaignEnded) return "ensemble";
  if (error instanceof LabError && error.code === "unavailable") return "ensemble";
  return isDiskError(error) ? "machine" : "lab";
}

/** A candidate could not do what it was told. */
export class CandidateFailed extends Error {
  override readonly name = "CandidateFailed";
  readonly blame: Blame;

  constructor(blame: Blame, message: string, options?: ErrorOptions) {
    super(message, options);
    this.blame = blame;
  }
}

/**
 * The ground on a model: the real election (src/election/) on a ZooKeeper in memory (src/simulation/), in
 * virtual time, which stands still between strikes.
 */
import { schemeNames, schemes } from "../election/schemes.ts";
import { type Audience, blows, type Ground, type Powers, type Setting, type Strike } from "./ground.ts";
import { ModelElection, SESSION_TIMEOUT_MS } from "./model-election.ts";

export const playPowers: Powers = {
  schemes: schemeNames,
  candidates: "chosen",
  acts: [...blows, "heal", "join"],
  sessionTimeoutMs: SESSION_TIMEOUT_MS,
};

export class PlayGround implements Ground {
  readonly powers = playPowers;
  readonly #audience: Audience;
  #elections: readonly ModelElection[] = [];

  constructor(audience: Audience) {
    this.#audience = audience;
  }

  async begin({ schemes: names, candidates }: Setting): Promise<void> {
    const elections = names.map(
      (name, side) =>
        new ModelElection(schemes[name], (happening) => {
          // Earlier ones may still be on their way to rest.
          if (this.#elections === elections) this.#audience(side, happening);
        }),
    );
    this.#elections = elections;
    for (const election of elections) await election.begin(candidates);
  }

  async strike(strike: Strike): Promise<void> {
    for (const election of this.#elections) await election.strike(strike);
  }
}

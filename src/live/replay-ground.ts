/** The ground of a recording: what happened once is told again, strike by strike. Nothing can be changed. */
import type { Audience, Ground, Powers, Setting, Strike } from "./ground.ts";
import type { Scene } from "./retelling.ts";

export interface Recording {
  readonly powers: Powers;
  /** Each scheme's episodes, which are as many for all: the opening, and each strike with what follows it. */
  readonly lines: readonly (readonly (readonly Scene[])[])[];
}

export class ReplayGround implements Ground {
  readonly powers: Powers;
  readonly #recording: Recording;
  readonly #audience: Audience;
  #sides: readonly number[] = [];
  #episode = 0;

  constructor(recording: Recording, audience: Audience) {
    this.powers = recording.powers;
    this.#recording = recording;
    this.#audience = audience;
  }

  async begin({ schemes }: Setting): Promise<void> {
    this.#sides = schemes.map((scheme) => this.powers.schemes.indexOf(scheme));
    this.#episode = 0;
    this.#tell();
  }

  /** @throws when there is no other one */
  async strike(_: Strike): Promise<void> {
    if (this.#episode === this.#recording.lines[0]?.length) throw new Error("the recording ends here");
    this.#tell();
  }

  #tell(): void {
    const episode = this.#episode++;
    for (const [side, line] of this.#sides.entries())
      for (const scene of this.#recording.lines[line]?.[episode] ?? [])
        for (const happening of scene) this.#audience(side, happening);
  }
}

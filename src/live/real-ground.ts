/** The ground at the other end of a connection: a real ensemble, which `yarn live` runs (live-server.ts). */
import type { Audience, Ground, Powers, Setting, Strike } from "./ground.ts";
import type { Message } from "./message.ts";
import type { Scene } from "./retelling.ts";

export interface Connection {
  /** Hears all messages from the first one on, each once. */
  listen(listener: { hear(message: Message): void; caughtUp(): void }): void;
  /** @throws when it is not carried out, with the reason in words */
  strike(strike: Strike): Promise<void>;
}

export class RealGround implements Ground {
  readonly powers: Powers;
  readonly #connection: Connection;
  readonly #audience: Audience;
  /** All scenes of each scheme's election. */
  readonly #scenes: readonly Scene[][];
  /** Each side's scheme, by its place, and the number of scenes that were told. */
  #sides: { readonly line: number; told: number }[] = [];
  readonly #caughtUp: Promise<void>;

  /** @param ended hears why nothing more will happen */
  constructor(powers: Powers, connection: Connection, audience: Audience, ended: (words: string) => void) {
    this.powers = powers;
    this.#connection = connection;
    this.#audience = audience;
    this.#scenes = powers.schemes.map(() => []);
    this.#caughtUp = new Promise((caughtUp) => {
      connection.listen({
        hear: (message) => {
          if (message.type === "ended") ended(message.words);
          else this.#scenes[message.line]?.push(message.scene);
          this.#tell();
        },
        caughtUp,
      });
    });
  }

  /** Everything that has happened is told once more. */
  async begin({ schemes }: Setting): Promise<void> {
    this.#sides = [];
    await this.#caughtUp;
    this.#sides = schemes.map((scheme) => ({ line: this.powers.schemes.indexOf(scheme), told: 0 }));
    this.#tell();
  }

  strike(strike: Strike): Promise<void> {
    return this.#connection.strike(strike);
  }

  #tell(): void {
    for (const [number, side] of this.#sides.entries())
      for (const scene of this.#scenes[side.line]?.slice(side.told) ?? []) {
        side.told++;
        for (const happening of scene) this.#audience(number, happening);
      }
  }
}

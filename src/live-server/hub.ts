/** What all pages are told of a run, in its order: a page that comes later gets all of it. */

import { COORDINATOR } from "../history/event.ts";
import type { Strike } from "../history/strike.ts";
import { type Told, tell } from "../history/told.ts";
import type { Happening, ServerNow } from "../live/ground.ts";
import type { Message } from "../live/message.ts";
import { type Deed, Retelling, type Scene } from "../live/retelling.ts";

export class Hub {
  readonly #retellings: readonly Retelling[];
  readonly #messages: Message[] = [];
  readonly #listeners = new Set<() => void>();
  #servers: readonly ServerNow[] = [];

  constructor(lines: number, deedOf: (strike: Strike) => Deed) {
    this.#retellings = Array.from({ length: lines }, () => new Retelling(deedOf));
  }

  /** Messages from this place on. */
  from(place: number): readonly Message[] {
    return this.#messages.slice(place);
  }

  /** Calls back whenever there are more. @returns ends it */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The next part of an election. It is told when {@link publish} is called. */
  hear(line: number, told: readonly Told[]): void {
    const retelling = this.#retellings[line];
    if (retelling !== undefined) tell(told, retelling);
  }

  /** The servers are like this from now on. */
  see(servers: readonly ServerNow[]): void {
    this.#servers = servers;
  }

  /** All stand in line again: every election has as many scenes as the others. */
  publish(): void {
    for (const retelling of this.#retellings) retelling.pause();
    const scenes = this.#retellings.map((retelling) => retelling.scenes.splice(0));
    const most = Math.max(...scenes.map(({ length }) => length));
    for (let index = 0; index < most; index++)
      for (const [line, own] of scenes.entries())
        this.#messages.push({ type: "scene", line, scene: this.#withServers(own[index] ?? nothing(own)) });
    this.#call();
  }

  /** Nothing more will happen. */
  end(words: string): void {
    this.#messages.push({ type: "ended", words });
    this.#call();
  }

  #withServers(scene: Scene): Scene {
    const { length } = this.#servers;
    const last = scene.at(-1);
    if (length === 0 || last === undefined) return scene;
    const now = { type: "servers", at: last.at, candidate: COORDINATOR, servers: this.#servers } as const;
    return [...scene.slice(0, -1), now, last];
  }

  #call(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A scene in which nothing happens, after others. */
function nothing(scenes: readonly Scene[]): [Happening] {
  const at = scenes.at(-1)?.at(-1)?.at ?? 0;
  return [{ type: "settled", at, candidate: COORDINATOR, failover: 0 }];
}

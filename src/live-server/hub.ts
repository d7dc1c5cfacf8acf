/** What all pages are told of a run, in its order: a page that comes later gets all of it. */

import type { Strike } from "../history/strike.ts";
import { type Told, tell } from "../history/told.ts";
import type { ServerNow } from "../live/ground.ts";
import type { Message } from "../live/message.ts";
import { type Hit, Retelling, sideBySide, withServers } from "../live/retelling.ts";

export class Hub {
  readonly #retellings: readonly Retelling[];
  readonly #messages: Message[] = [];
  readonly #listeners = new Set<() => void>();
  #servers: readonly ServerNow[] = [];

  constructor(lines: number, hitOf: (strike: Strike) => Hit) {
    this.#retellings = Array.from({ length: lines }, () => new Retelling(hitOf));
  }

  get length(): number {
    return this.#messages.length;
  }

  get isOver(): boolean {
    return this.#messages.at(-1)?.type === "ended";
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
    const lines = sideBySide(this.#retellings.map(({ scenes }) => scenes.splice(0)));
    for (const [index] of lines[0]?.entries() ?? [])
      for (const [line, scenes] of lines.entries())
        this.#messages.push({ type: "scene", line, scene: withServers(scenes[index] ?? [], this.#servers) });
    this.#call();
  }

  /** Nothing more will happen; the first reason is the one that counts. */
  end(words: string): void {
    if (this.isOver) return;
    this.#messages.push({ type: "ended", words });
    this.#call();
  }

  #call(): void {
    for (const listener of this.#listeners) listener();
  }
}

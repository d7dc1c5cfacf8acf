/**
 * Retells a trial's history as scenes, for the page. The candidates' records do not say when the ensemble
 * removed a contender: it is told as gone at the first sign of it.
 */
import { COORDINATOR, type Event, type EventKind } from "../history/event.ts";
import type { Strike } from "../history/strike.ts";
import type { Listener } from "../history/told.ts";
import type { Blow, Happening, ServerBlow, ServerNow } from "./ground.ts";

/** The page has no use for others: leaders' writes and heartbeats are most of what is recorded. */
const shown: ReadonlySet<EventKind> = new Set([
  ...(["connected", "suspended", "expired", "closed", "creating", "created", "removed"] as const),
  ...(["notified", "reading", "read", "armed", "claimed", "leased", "ended", "thawed", "refused"] as const),
]);

/** What happens between two quiet moments; the last is `settled`. */
export type Scene = readonly Happening[];

/** What somebody did on the page to make the fault strike. */
export type Hit = { readonly act: Blow } | { readonly act: ServerBlow; readonly server: number };

/** Whoever has been struck comes back by itself: that follows a strike, and is none. */
function follows([first]: Scene): boolean {
  return (
    first?.type === "settled" || (first?.type === "struck" && (first.act === "join" || first.act === "heal"))
  );
}

/** Scenes in groups: the opening, and each strike with what follows it. */
export function episodesOf(scenes: readonly Scene[]): Scene[][] {
  const episodes: Scene[][] = [];
  for (const scene of scenes) {
    const last = episodes.at(-1);
    if (last !== undefined && follows(scene)) last.push(scene);
    else episodes.push([scene]);
  }
  return episodes;
}

/** The scenes of several elections, so that each has as many as the others: in some of them nothing happens. */
export function sideBySide(episodes: readonly (readonly Scene[])[]): Scene[][] {
  const most = Math.max(...episodes.map(({ length }) => length));
  return episodes.map((scenes) => {
    const at = scenes.at(-1)?.at(-1)?.at ?? 0;
    const nothing: Scene = [{ type: "settled", at, candidate: COORDINATOR, failover: 0 }];
    return Array.from({ length: most }, (_, index) => scenes[index] ?? nothing);
  });
}

/** The scene, at whose end the servers are like this. */
export function withServers(scene: Scene, servers: readonly ServerNow[]): Scene {
  const last = scene.at(-1);
  if (servers.length === 0 || last === undefined) return scene;
  return [...scene.slice(0, -1), { type: "servers", at: last.at, candidate: COORDINATOR, servers }, last];
}

export class Retelling implements Listener {
  /** Scenes that are over. The first is the opening. */
  readonly scenes: Scene[] = [];
  readonly #hitOf: (strike: Strike) => Hit;
  #scene: Happening[] = [];
  #strike: Strike | undefined;
  /** What was last done to somebody. */
  #act: Hit["act"] | undefined;
  /** Contenders that stand, by their candidates. */
  readonly #standing = new Map<number, number>();
  #at = 0;

  constructor(hitOf: (strike: Strike) => Hit) {
    this.#hitOf = hitOf;
  }

  strike(strike: Strike): void {
    this.#endReturn();
    this.#strike = strike;
    const { victims, startedAt: at } = strike;
    const hit = this.#hitOf(strike);
    this.#act = hit.act;
    for (const candidate of "server" in hit ? [COORDINATOR] : victims)
      this.#scene.push({ type: "struck", at, candidate, ...hit });
  }

  event(event: Event): void {
    this.#at = event.at;
    this.#signOfAnEnd(event);
    if (event.type === "created") this.#standing.set(event.candidate, event.sequence);
    if (shown.has(event.type)) this.#scene.push(event);
    if (event.type === "enrolled") this.#end(event.at, 0);
    if (event.type === "settled") {
      for (const victim of this.#goners) this.#gone(victim, event.at);
      this.#strike = undefined;
      this.#end(event.at, event.failover);
    }
  }

  /** All that has happened is told: those who have come back since the last scene have a scene of their own. */
  pause(): void {
    this.#endReturn();
  }

  /** Who loses its contender by the strike. */
  get #goners(): readonly number[] {
    return this.#strike === undefined || this.#strike.expects.contendersStay ? [] : this.#strike.victims;
  }

  /** An event that shows that a contender has gone. */
  #signOfAnEnd(event: Event): void {
    const { at, candidate } = event;
    switch (event.type) {
      case "notified":
        if (event.watch === "contender") this.#gone(this.#ownerOf(event.sequence), at);
        // Whoever watches the list is not told who has gone.
        else if (event.watch === "children") for (const victim of this.#goners) this.#gone(victim, at);
        return;
      case "claimed":
        for (const victim of this.#goners) if (victim !== candidate) this.#gone(victim, at);
        return;
      case "removed":
      case "expired":
      case "closed":
      case "creating":
        this.#gone(candidate, at);
        return;
      case "ended":
        if (event.reason === "deleted") this.#gone(candidate, at);
        return;
    }
  }

  #ownerOf(sequence: number): number | undefined {
    for (const [candidate, own] of this.#standing) if (own === sequence) return candidate;
    return undefined;
  }

  #gone(candidate: number | undefined, at: number): void {
    const sequence = candidate === undefined ? undefined : this.#standing.get(candidate);
    if (candidate === undefined || sequence === undefined) return;
    this.#standing.delete(candidate);
    this.#scene.push({ type: "gone", at, candidate, sequence });
  }

  #endReturn(): void {
    const back = this.#scene.find(({ type }) => type === "created");
    const first = this.#scene[0];
    // Whoever stood still, or was cut off, goes on, and finds out.
    const act = this.#act === "freeze" || this.#act === "cut" ? "heal" : "join";
    if (back !== undefined && first !== undefined)
      this.#scene.unshift({ type: "struck", at: first.at, candidate: back.candidate, act });
    if (this.#scene.length > 0) this.#end(this.#at, 0);
  }

  #end(at: number, failover: number): void {
    const settled = { type: "settled", at, candidate: COORDINATOR, failover } as const;
    this.scenes.push([...withLeases(this.#scene), settled]);
    this.#scene = [];
  }
}

/**
 * Whoever stands still, or is cut off, gets no new lease. The one that it has is recorded when it goes on, and
 * told when it was struck: from then on it runs down.
 */
function withLeases(scene: readonly Happening[]): Happening[] {
  const [struck, ...rest] = scene;
  if (struck?.type !== "struck" || (struck.act !== "freeze" && struck.act !== "cut")) return [...scene];
  const lease = rest.find(({ type, candidate }) => type === "leased" && candidate === struck.candidate);
  if (lease === undefined) return [...scene];
  return [struck, { ...lease, at: struck.at }, ...rest.filter((one) => one !== lease)];
}

/**
 * One election as the page shows it: who stands in line, what each one watches, and what the last strike has
 * caused so far. It follows from what has been told, and from nothing else.
 */

import type { SchemeName } from "../election/schemes.ts";
import { type CandidateState, Line, type Watched } from "../history/line.ts";
import type { Deed, Happening, ServerNow } from "./ground.ts";

/** A candidate in its place of the line, which it keeps until the scene ends, even if it has gone. */
export interface Member extends CandidateState {
  readonly sequence: number;
  /** Whether its znode is there. */
  readonly stands: boolean;
  readonly leads: boolean;
  /** It stands still, or is cut off, or is dead, and nobody has been told. */
  readonly trouble: "frozen" | "cut" | "dead" | null;
  /** What the scene has done to it; `again`: it watches something new. */
  readonly wake: "asleep" | "woken" | "looks" | "again";
  /** Whether it was woken though the one that went stood elsewhere. */
  readonly inVain: boolean;
  /** The watch that has fired. */
  readonly fired: Watched | null;
  /** The server that serves its session, from 1; `null` if none does, or nobody can be sure. */
  readonly servedBy: number | null;
}

/** A scene: what one strike has caused. Times are in nanoseconds since the strike. */
export interface Scene {
  readonly act: Deed;
  /** The server that was struck, from 1. */
  readonly server: number | null;
  /** The place that was struck; -1 if there was none. */
  readonly place: number;
  /** Those who stood in line just before, without the struck one. */
  readonly others: number;
  readonly struck: number[];
  /** The struck one's sequence. */
  readonly sequence: number | null;
  readonly startedAt: number;
  readonly gone: number[];
  /** Those whose sessions another server has taken over. */
  readonly moved: Set<number>;
  readonly woken: Map<number, Member["wake"]>;
  readonly inVain: Set<number>;
  readonly reads: number[];
  /** When each of the woken has had the list. */
  readonly looked: Map<number, number>;
  /** When the first contender was gone. */
  goneAfter: number | null;
  /** When the first was woken. */
  wokenAfter: number | null;
  /** When the new leader has had the list, or the first of all if there is none. */
  lookedAfter: number | null;
  /** The new leader's sequence. */
  leads: number | null;
  leadsAfter: number | null;
  /** When the last of those who were woken led, or slept again. */
  quietAfter: number | null;
  /** When the ground says so, which may take it a while. */
  settledAfter: number | null;
  /** Writes of an old leader that the fence has refused. */
  refused: number;
}

/** Two candidates that believe that they lead, by their sequences. Times are the side's own. */
export interface Overlap {
  readonly old: number;
  readonly successor: number;
  readonly from: number;
  /** `null` while it lasts. */
  readonly until: number | null;
}

/** A leader's succession, in nanoseconds since the old one was gone. */
export interface Failover {
  readonly leadsAfter: number;
  readonly quietAfter: number;
}

export interface Tally {
  readonly scenes: number;
  readonly woken: number;
  readonly inVain: number;
  readonly reads: number;
}

export class Side {
  readonly scheme: SchemeName;
  tally: Tally = { scenes: 0, woken: 0, inVain: 0, reads: 0 };
  scene: Scene | undefined;
  /** The last scene that is over in which somebody has gone. */
  lastLoss: Scene | undefined;
  readonly failovers: Failover[] = [];
  /** The last one. */
  overlap: Overlap | undefined;
  /** None, if the ground has none to show. */
  servers: readonly ServerNow[] = [];
  /** The scene whose marks are shown. */
  #lit: Scene | undefined;
  readonly #line = new Line();
  /** Candidates in the order of their places, with their last sequences. */
  readonly #places: { candidate: number; sequence: number; stands: boolean }[] = [];
  readonly #trouble = new Map<number, "frozen" | "cut" | "dead">();
  readonly #fired = new Map<number, Watched>();
  /** The server that each candidate was connected to, as long as it is. */
  readonly #servedBy = new Map<number, number>();

  constructor(scheme: SchemeName) {
    this.scheme = scheme;
  }

  get members(): Member[] {
    const leads = this.#leader;
    return this.#places.flatMap(({ candidate, sequence, stands }) => {
      const state = this.#line.candidates.get(candidate);
      if (state === undefined) return [];
      return {
        ...state,
        sequence,
        stands,
        leads: stands && candidate === leads,
        trouble: this.#trouble.get(candidate) ?? null,
        wake: this.#lit?.woken.get(candidate) ?? "asleep",
        inVain: this.#lit?.inVain.has(candidate) ?? false,
        fired: this.#fired.get(candidate) ?? null,
        servedBy: this.#servedBy.get(candidate) ?? null,
      };
    });
  }

  /** Those whose znode is there, the oldest first: strikes count their places among these. */
  get inLine(): Member[] {
    return this.members.filter(({ stands }) => stands);
  }

  /** Old leaders that still believe that they lead. */
  get believers(): Member[] {
    return this.members.filter(({ leads, term }) => !leads && term?.until === null);
  }

  hear(happening: Happening): void {
    const before = this.#line.candidates.get(happening.candidate);
    if (happening.type === "struck") this.#struck(happening);
    else if (happening.type === "servers") this.servers = happening.servers;
    else if (happening.type === "gone") this.#gone(happening);
    else this.#line.event(happening);
    const { scene } = this;
    switch (happening.type) {
      case "connected":
        this.#connected(happening.candidate, Number(happening.server));
        break;
      case "suspended":
      case "closed":
        this.#servedBy.delete(happening.candidate);
        break;
      case "expired":
        this.#servedBy.delete(happening.candidate);
        this.#trouble.delete(happening.candidate);
        break;
      case "thawed":
        this.#trouble.delete(happening.candidate);
        break;
      case "created":
        this.#trouble.delete(happening.candidate);
        this.#places.push({ candidate: happening.candidate, sequence: happening.sequence, stands: true });
        // Several who join together need not learn of it in their order.
        this.#places.sort((a, b) => a.sequence - b.sequence);
        break;
      case "notified":
        if (happening.watch !== "announcement") this.#notified(happening.candidate, happening.at, before);
        break;
      case "reading":
        if (scene?.woken.has(happening.candidate)) scene.reads.push(happening.candidate);
        break;
      case "read":
        this.#looked(happening.candidate, happening.at);
        break;
      case "armed":
        this.#fired.delete(happening.candidate);
        if (scene?.woken.has(happening.candidate)) {
          scene.woken.set(happening.candidate, "again");
          scene.quietAfter = happening.at - scene.startedAt;
        }
        break;
      case "ended":
        if (this.overlap?.until === null && this.overlap.old === before?.term?.sequence)
          this.overlap = { ...this.overlap, until: happening.at };
        break;
      case "claimed":
        this.#fired.delete(happening.candidate);
        this.#claimed(happening.candidate, happening.sequence, happening.at);
        break;
      case "refused":
        if (scene !== undefined) scene.refused++;
        break;
      case "settled":
        this.#settled(happening.at);
        break;
    }
  }

  /** Between two scenes: those who are gone leave their places, and nothing is lit any more. */
  closeRanks(): void {
    const kept = this.#places.filter(
      ({ candidate, stands }) => stands || this.#isAway(this.#trouble.get(candidate)),
    );
    this.#places.splice(0, this.#places.length, ...kept);
    this.#fired.clear();
    for (const [candidate, trouble] of this.#trouble) if (trouble === "dead") this.#trouble.delete(candidate);
    this.#lit = undefined;
  }

  /** Frozen ones, and those cut off, may come back, and are shown until they do. */
  #isAway(trouble: Member["trouble"] | undefined): boolean {
    return trouble === "frozen" || trouble === "cut";
  }

  /** The oldest that stands and has a term. */
  get #leader(): number | undefined {
    return this.#places.find(
      ({ candidate, stands }) => stands && this.#line.candidates.get(candidate)?.term?.until === null,
    )?.candidate;
  }

  #struck({ candidate, act, at, server }: Extract<Happening, { type: "struck" }>): void {
    const { scene } = this;
    if (scene?.settledAfter !== null) this.closeRanks();
    const { inLine } = this;
    if (act === "heal") this.#trouble.delete(candidate);
    else if (act === "freeze") this.#trouble.set(candidate, "frozen");
    else if (act === "cut") this.#trouble.set(candidate, "cut");
    else if (act === "kill") this.#trouble.set(candidate, "dead");
    // Several that are healed together are one strike.
    if (scene !== undefined && scene.settledAfter === null) {
      scene.struck.push(candidate);
      return;
    }
    const place = inLine.findIndex((member) => member.candidate === candidate);
    this.scene = {
      act,
      server: server ?? null,
      place,
      others: place === -1 ? inLine.length : inLine.length - 1,
      struck: server === undefined ? [candidate] : [],
      sequence: inLine[place]?.sequence ?? null,
      startedAt: at,
      gone: [],
      moved: new Set(),
      woken: new Map(),
      inVain: new Set(),
      reads: [],
      looked: new Map(),
      ...{ goneAfter: null, wokenAfter: null, lookedAfter: null },
      leads: null,
      ...{ leadsAfter: null, quietAfter: null },
      settledAfter: null,
      refused: 0,
    };
    this.#lit = this.scene;
  }

  /** @param server not a number if nobody can be sure which one it is */
  #connected(candidate: number, server: number): void {
    if (Number.isNaN(server)) this.#servedBy.delete(candidate);
    else this.#servedBy.set(candidate, server);
    const stands = this.#places.some((place) => place.candidate === candidate && place.stands);
    if (stands) this.scene?.moved.add(candidate);
  }

  #gone({ candidate, sequence, at }: Extract<Happening, { type: "gone" }>): void {
    const place = this.#places.find((one) => one.candidate === candidate && one.sequence === sequence);
    if (place !== undefined) place.stands = false;
    const { scene } = this;
    if (scene === undefined) return;
    scene.gone.push(sequence);
    scene.goneAfter ??= at - scene.startedAt;
  }

  #notified(candidate: number, at: number, before: CandidateState | undefined): void {
    const { scene } = this;
    if (scene === undefined || before === undefined || candidate === this.#leader) return;
    if (before.watches !== null) this.#fired.set(candidate, before.watches);
    scene.woken.set(candidate, "woken");
    scene.wokenAfter ??= at - scene.startedAt;
    const own = this.#places.find((one) => one.candidate === candidate && one.stands);
    // The one just before it, whether or not it still stands.
    const ahead = own && this.#places[this.#places.indexOf(own) - 1];
    if (ahead === undefined || !scene.gone.includes(ahead.sequence)) scene.inVain.add(candidate);
  }

  #looked(candidate: number, at: number): void {
    const { scene } = this;
    if (!scene?.woken.has(candidate)) return;
    scene.woken.set(candidate, "looks");
    const after = at - scene.startedAt;
    scene.looked.set(candidate, after);
    scene.lookedAfter ??= after;
  }

  #claimed(candidate: number, sequence: number, at: number): void {
    const [old] = this.believers;
    if (old !== undefined) this.overlap = { old: old.sequence, successor: sequence, from: at, until: null };
    const { scene } = this;
    if (scene === undefined) return;
    if (scene.woken.has(candidate)) scene.woken.set(candidate, "asleep");
    scene.leads = sequence;
    scene.leadsAfter = at - scene.startedAt;
    scene.lookedAfter = scene.looked.get(candidate) ?? null;
    scene.quietAfter = scene.leadsAfter;
  }

  #settled(at: number): void {
    const { scene } = this;
    // If nobody was struck, nothing is new.
    if (scene === undefined || scene.settledAfter !== null) return;
    scene.settledAfter = at - scene.startedAt;
    if (scene.goneAfter !== null) this.#lost(scene, scene.goneAfter);
    this.tally = {
      scenes: this.tally.scenes + (scene.gone.length > 0 ? 1 : 0),
      woken: this.tally.woken + scene.woken.size,
      inVain: this.tally.inVain + scene.inVain.size,
      reads: this.tally.reads + scene.reads.length,
    };
  }

  #lost(scene: Scene, goneAfter: number): void {
    this.lastLoss = scene;
    if (scene.leadsAfter === null || scene.quietAfter === null) return;
    this.failovers.push({
      leadsAfter: scene.leadsAfter - goneAfter,
      quietAfter: scene.quietAfter - goneAfter,
    });
  }
}

/**
 * The clock of what is shown: a failover takes two milliseconds, so what happens is kept with its true times
 * and shown slowed down. What happens after one strike is a scene; the scenes of both sides begin together.
 * Scenes wait until the one before has ended: those that have been heard of, and then the strikes.
 *
 * Long times in which nothing happens are cut short.
 */
import type { Audience, Happening } from "./ground.ts";

/** The longest that nothing may move on the page, in milliseconds. */
const LONGEST_LULL_MS = 1600;

/** How long the end of a scene stays, in milliseconds, before one begins that nobody has asked for. */
const REST_MS = 1200;

/** The parts of a scene, in order: those of {@link Show.step}. */
export const phases = ["struck", "gone", "notified", "reads", "leads", "settled"] as const;
export type Phase = (typeof phases)[number];

export function phaseOf({ type }: Happening): Phase {
  switch (type) {
    case "gone":
      return "gone";
    // Who is woken asks at the same instant.
    case "notified":
    case "reading":
      return "notified";
    case "read":
      return "reads";
    case "claimed":
    case "refused":
      return "leads";
    case "armed":
    case "settled":
      return "settled";
    // What else happens belongs to the strike, or to whatever is being shown.
    default:
      return "struck";
  }
}

interface Track {
  /** Not shown yet: of this scene, and of later ones. */
  readonly queue: Happening[];
  /** The time of the scene's first happening, on the side's own clock; `undefined` before it is heard. */
  start: number | undefined;
  /** Whether its last happening of the scene has been shown. */
  scene: "on" | "over";
}

function isUnheard({ start, scene }: Track): boolean {
  return start === undefined && scene === "on";
}

export class Show {
  /** One millisecond is shown as this many. */
  slower = 1000;
  state: "quiet" | "playing" | "paused" = "quiet";
  readonly #show: Audience;
  readonly #began: () => void;
  readonly #ended: () => void;
  readonly #tracks: readonly Track[];
  readonly #waiting: (() => void)[] = [];
  /** Counts scenes. */
  #scene = 0;
  /** Nanoseconds of the scene, up to which everything is shown. */
  #at = 0;
  /** When something was last shown. */
  #last = 0;
  /** How long no scene has been on, in milliseconds. */
  #restedMs = REST_MS;

  /**
   * @param began is called when a scene begins
   * @param ended is called when a scene has been shown
   */
  constructor(sides: number, show: Audience, { began, ended }: { began(): void; ended(): void }) {
    this.#show = show;
    this.#began = began;
    this.#ended = ended;
    this.#tracks = Array.from({ length: sides }, (): Track => ({ queue: [], start: undefined, scene: "on" }));
  }

  /** The number of strikes that wait. */
  get queued(): number {
    return this.#waiting.length;
  }

  /** Nanoseconds since the scene began. */
  get at(): number {
    return this.#at;
  }

  /** A side's own time now, in nanoseconds. */
  nowOn(side: number): number {
    return (this.#tracks[side]?.start ?? 0) + this.#at;
  }

  /** Whether time passes faster now, since nothing happens for long. */
  get isLull(): boolean {
    const next = this.#next();
    return this.state === "playing" && next !== undefined && this.#isLong(next.at - this.#last);
  }

  /** Whether a strike is being carried out, of which nothing has been heard yet. */
  get isAwaiting(): boolean {
    return this.state !== "quiet" && this.#at === 0 && !this.#hasHeard && this.#tracks.every(isUnheard);
  }

  /** Nothing will come of the strike that is awaited. */
  abandon(): void {
    if (!this.isAwaiting) return;
    this.state = "quiet";
    this.#ended();
  }

  hear(side: number, happening: Happening): void {
    this.#tracks[side]?.queue.push(happening);
    this.#rest(0);
  }

  /** Forgets everything. Strikes wait until the opening has been told and shown. */
  clear(): void {
    this.#waiting.length = 0;
    for (const { queue } of this.#tracks) queue.length = 0;
    this.#begin("playing");
  }

  /** Strikes now, or when all scenes before have been shown. */
  strike(strike: () => void): void {
    this.#waiting.push(strike);
    if (this.state === "quiet" && !this.#hasHeard) this.#strikeNext("playing");
  }

  pause(): void {
    if (this.state === "playing") this.state = "paused";
  }

  goOn(): void {
    if (this.state === "paused") this.state = "playing";
  }

  /** Real time passes. */
  pass(ms: number): void {
    this.#rest(ms);
    let left = ms;
    while (this.state === "playing") {
      const next = this.#next();
      if (next === undefined) return;
      const lull = next.at - this.#last;
      const rate = this.#isLong(lull) ? lull / LONGEST_LULL_MS : 1e6 / this.slower;
      const needed = Math.max(0, next.at - this.#at) / rate;
      if (needed > left) {
        this.#at += left * rate;
        return;
      }
      left -= needed;
      this.#showNext(next);
    }
  }

  /**
   * Shows the next phase, of each side up to where a later phase begins there: so two sides can be compared,
   * though one may be ahead of the other.
   * @returns the phase
   */
  step(): Phase | undefined {
    if (this.state === "quiet" && this.#hasHeard) this.#begin("paused");
    if (this.#next() === undefined) return undefined;
    const scene = this.#scene;
    const rankOf = ([happening]: readonly Happening[]) =>
      happening === undefined ? phases.length : phases.indexOf(phaseOf(happening));
    const going = () => this.#tracks.filter((track) => track.scene === "on");
    const rank = Math.min(...going().map(({ queue }) => rankOf(queue)));
    for (const track of going())
      while (this.#scene === scene && track.scene === "on" && rankOf(track.queue) <= rank) {
        const [happening] = track.queue;
        if (happening === undefined) break;
        const side = this.#tracks.indexOf(track);
        this.#showNext({ side, happening, at: happening.at - (track.start ?? 0) });
      }
    return phases[rank];
  }

  /** Shows all that has been heard, at once. */
  finish(): void {
    for (;;) {
      if (this.state === "quiet" && this.#hasHeard) this.#begin("playing");
      const next = this.#next();
      if (next === undefined) return;
      this.#showNext(next);
    }
  }

  /** Whether a later scene has been heard of. */
  get #hasHeard(): boolean {
    return this.#tracks.some(({ queue }) => queue.length > 0);
  }

  /** A scene that nobody has asked for begins when the end of the one before has been seen. */
  #rest(ms: number): void {
    if (this.state !== "quiet") return;
    this.#restedMs += ms;
    if (this.#hasHeard && this.#restedMs >= REST_MS) this.#begin("playing");
  }

  #isLong(lull: number): boolean {
    return (lull / 1e6) * this.slower > LONGEST_LULL_MS;
  }

  /** The next happening of all sides; `undefined` while a side might still tell of an earlier one. */
  #next(): { readonly side: number; readonly happening: Happening; readonly at: number } | undefined {
    let first: { side: number; happening: Happening; at: number } | undefined;
    for (const [side, track] of this.#tracks.entries()) {
      if (this.state === "quiet" || track.scene === "over") continue;
      const [happening] = track.queue;
      if (happening === undefined) return undefined;
      track.start ??= happening.at;
      const at = happening.at - track.start;
      if (first === undefined || at < first.at) first = { side, happening, at };
    }
    return first;
  }

  #showNext({ side, happening, at }: { side: number; happening: Happening; at: number }): void {
    const track = this.#tracks[side];
    if (track === undefined) return;
    track.queue.shift();
    this.#at = Math.max(this.#at, at);
    this.#last = this.#at;
    this.#show(side, happening);
    if (happening.type === "settled") track.scene = "over";
    if (this.#tracks.some(({ scene }) => scene === "on")) return;
    const { state } = this;
    this.state = "quiet";
    this.#restedMs = 0;
    this.#ended();
    if (this.#waiting.length > 0 && !this.#hasHeard)
      this.#strikeNext(state === "paused" ? "paused" : "playing");
  }

  #strikeNext(state: "playing" | "paused"): void {
    this.#begin(state);
    this.#waiting.shift()?.();
  }

  #begin(state: "playing" | "paused"): void {
    this.state = state;
    this.#scene++;
    this.#at = 0;
    this.#last = 0;
    for (const track of this.#tracks) Object.assign(track, { start: undefined, scene: "on" });
    this.#began();
  }
}

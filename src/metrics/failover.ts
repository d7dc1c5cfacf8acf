/**
 * The cost of each failover. Its time consists of detection (fault → the first notification that any candidate
 * receives), notification (→ the successor's own) and takeover (→ its claim), which add up to the total.
 */
import type { Circumstances } from "../history/circumstances.ts";
import type { Event, EventOf } from "../history/event.ts";
import { explain, type WindowListener } from "../history/explained-windows.ts";
import type { CounterMode } from "../history/header.ts";
import type { History } from "../history/history.ts";
import type { Observations } from "../history/observations.ts";
import { chronicleOf } from "../history/told.ts";
import { successorIn, type Window } from "../history/window.ts";
import { type Failover, type FigureName, failoverFigures, figureNames, type Seen } from "./figures.ts";
import { Gaps } from "./gap.ts";
import { OldLeaders } from "./old-leader.ts";
import { type CheckedCounts, possibleCounts } from "./possible-counts.ts";

/** Gathers the failovers of a history as it is told. It keeps their figures, not their events. */
export class Failovers implements WindowListener {
  readonly #oldLeaders: OldLeaders;
  readonly #gaps = new Gaps();
  readonly #soFar: Partial<Failover>[] = [];

  constructor(counter: CounterMode) {
    this.#oldLeaders = new OldLeaders(counter);
  }

  event(event: Event): void {
    this.#oldLeaders.event(event);
    this.#gaps.event(event);
  }

  window(window: Window, causes: Circumstances, until?: number): void {
    if (window.strike.failover === 0) return;
    const claim = successorIn(window);
    this.#oldLeaders.add(window, claim, until);
    this.#gaps.add(window);
    const seen = { window, claim, notified: notifiedIn(window, claim, causes) };
    this.#soFar.push(failoverOf((name) => failoverFigures[name].of?.(seen)));
  }

  /** The times of those whose windows are over, in milliseconds. */
  get totalsMs(): number[] {
    return this.#soFar.flatMap(({ totalMs }) => totalMs ?? []);
  }

  /** When all is told: one for each strike, in chronological order. Warm-ups are left out. */
  found(observations: Observations | null): Failover[] {
    const oldLeaders = this.#oldLeaders.found();
    const gaps = this.#gaps.found();
    const { servers } = serverCountsOf(this.#soFar, observations);
    return this.#soFar.map((figures, index) => {
      const oldLeader = oldLeaders[index];
      if (oldLeader === undefined) throw new Error("each failover has an old leader, or had none");
      const calibrationMs = observations?.pulsesMs[index] ?? null;
      const gap = gaps[index] ?? null;
      const seen = { oldLeader, gap, calibrationMs, server: servers[index] ?? null };
      return failoverOf((name) => {
        const { later } = failoverFigures[name];
        return later === undefined ? figures[name] : later(seen);
      }) as Failover;
    });
  }
}

function failoverOf(of: (name: FigureName) => unknown): Partial<Failover> {
  return Object.fromEntries(figureNames.map((name) => [name, of(name)]));
}

/** Those of a history that is there as a whole. */
export function failovers(history: History): Failover[] {
  return explain(chronicleOf(history), new Failovers(history.header.counter)).found(history.observations);
}

/** The servers' counts in each measured failover, without impossible ones. */
export function serverCountsOf(
  failovers: readonly Partial<Pick<Failover, "failover">>[],
  observations: Observations | null,
): CheckedCounts {
  const { servers = [], serverTroubles = [] } = observations ?? {};
  return possibleCounts(
    servers,
    failovers.flatMap(({ failover }) => failover ?? []),
    serverTroubles,
  );
}

/** `null` if the successor claimed without having been notified. */
function notifiedIn(
  window: Window,
  claim: EventOf<"claimed"> | null,
  causes: Circumstances,
): Seen["notified"] {
  // A notification caused by another contender's end is no sign of this one's.
  const { herd } = causes.causedIn(window);
  const [first] = herd;
  const own = herd.find(({ candidate }) => candidate === claim?.candidate);
  if (claim === null || first === undefined || own === undefined || own.at > claim.at) return null;
  return { first, own };
}

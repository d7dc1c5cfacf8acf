/**
 * Properties of every correctly recorded history, however badly the election went. If one of them is broken,
 * the recording or the file is at fault, and a verdict would say nothing about the election.
 */
import { COORDINATOR, type Event } from "../history/event.ts";
import type { TrialHeader } from "../history/header.ts";
import { type Strike, Strikes } from "../history/strike.ts";
import type { Listener } from "../history/told.ts";
import { Versions } from "../history/versions.ts";
import { failoverTitle } from "../history/window.ts";

/** Checks a history while it is told. Each method says where the assumption is broken, if it is. */
interface Assumption {
  strike?(strike: Strike): string | undefined;
  event?(event: Event): string | undefined;
  /** Called when everything is told. */
  rest?(): string | undefined;
}

/** The header and the strikes are plausible, and match the candidates that occur. */
function header({ candidates, failovers }: TrialHeader): Assumption {
  const known = (candidate: number) => candidate >= 0 && candidate < candidates;
  const [wrong] = Object.entries({ candidates, failovers }).filter(
    ([, count]) => !Number.isInteger(count) || count < 0,
  );
  let strange: string | undefined;
  /** Reported first, since a fault in the header comes before the events. */
  let meant: string | undefined = wrong && `its header says ${wrong[1]} ${wrong[0]}`;
  return {
    strike(strike): undefined {
      const { withinMs, notifications, announcements } = strike.expects;
      if (!(withinMs > 0)) meant ??= `${failoverTitle(strike)} has a bound of ${withinMs} ms`;
      else if (!(notifications >= 0))
        meant ??= `${failoverTitle(strike)} expects ${notifications} notifications`;
      else if (!(announcements >= 0))
        meant ??= `${failoverTitle(strike)} expects ${announcements} notifications of an announcement`;
    },
    event(event): undefined {
      if (event.candidate !== COORDINATOR && !known(event.candidate))
        strange ??= `candidate ${event.candidate} is not one of its ${candidates}`;
      else if (event.type === "fault" && !known(event.victim))
        strange ??= `the victim ${event.victim} is not one of its ${candidates} candidates`;
    },
    rest: () => meant ?? strange,
  };
}

/** Time does not run backwards. */
function order(): Assumption {
  let last = Number.NEGATIVE_INFINITY;
  return {
    event({ at, candidate, type }) {
      if (!(at >= last))
        return `time runs backwards at ${type} of candidate ${candidate}, from ${last} ns to ${at} ns`;
      last = at;
      return undefined;
    },
  };
}

/** Claims and ends of terms alternate in each candidate, and each end is that of the term before it. */
function terms(): Assumption {
  const leading = new Map<number, number>();
  return {
    event(event) {
      const { candidate } = event;
      if (event.type === "claimed") {
        if (leading.has(candidate))
          return `candidate ${candidate} claimed at ${event.at} ns while it already led`;
        leading.set(candidate, event.sequence);
      } else if (event.type === "ended") {
        if (leading.get(candidate) !== event.sequence)
          return `candidate ${candidate} ended at ${event.at} ns a term that it had not begun`;
        leading.delete(candidate);
      }
      return undefined;
    },
  };
}

/**
 * A candidate that claims has created the contender that it claims with, and no two contenders share a czxid.
 */
function contenders(): Assumption {
  const created = new Map<number, { readonly candidate: number; readonly sequence: number }>();
  return {
    event(event) {
      if (event.type !== "created" && event.type !== "claimed") return undefined;
      const { candidate, sequence, czxid } = event;
      const known = created.get(czxid);
      const same = known?.candidate === candidate && known.sequence === sequence;
      if (event.type === "claimed") {
        if (!same)
          return `candidate ${candidate} claimed at ${event.at} ns with a contender that it had not created`;
      } else if (known === undefined) created.set(czxid, { candidate, sequence });
      else if (!same) return `two contenders were created by the zxid ${czxid}`;
      return undefined;
    },
  };
}

/**
 * A candidate that writes, or is refused, has claimed with its token; no two writes made the same version, and
 * none made one that existed before its writer first claimed.
 */
function writes(): Assumption {
  /** The highest version known when somebody first claimed with a token. */
  const known = new Map<string, number>();
  const versions = new Versions();
  let highest = Number.NEGATIVE_INFINITY;
  return {
    event(event) {
      if (event.type !== "wrote" && event.type !== "refused" && event.type !== "claimed") return undefined;
      const { at, candidate, czxid } = event;
      const token = `${candidate}/${czxid}`;
      const before = known.get(token);
      if (event.type === "claimed") {
        if (before === undefined) known.set(token, highest);
      } else if (before === undefined)
        return `candidate ${candidate} came at ${at} ns with the token ${czxid}, with which it had not claimed`;
      else if (event.type === "wrote") {
        const { version } = event;
        if (!versions.add(version)) return `two writes made the version ${version} of the counter`;
        if (version < before)
          return `candidate ${candidate} made the version ${version} of the counter, which is older than its claim`;
        highest = Math.max(highest, version);
      }
      return undefined;
    },
  };
}

/**
 * Failovers are numbered consecutively from 1, except warm-ups, which are 0; each ends at most once, and each
 * has its strike.
 */
function failovers(): Assumption {
  const coming: Strike[] = [];
  const strikes = new Strikes();
  let told = 0;
  let struck = 0;
  let last = 0;
  let open: number | undefined;
  return {
    strike(strike) {
      told++;
      coming.push(strike);
      return undefined;
    },
    event(event) {
      if (event.type === "fault" && !strikes.isLasts(event)) {
        const { failover } = event;
        if (failover !== 0 && failover !== last + 1) return `the fault ${failover} follows the fault ${last}`;
        if (failover !== 0) last = failover;
        struck++;
        const strike = coming.shift();
        if (strike?.startedAt !== event.at) return `nothing says what ${failoverTitle(event)} was to lead to`;
        strikes.begin(strike);
        open = failover;
      } else if (event.type === "settled") {
        if (event.failover !== open) return `the failover ${event.failover} settled without its fault`;
        open = undefined;
      } else if (event.type === "aborted") open = undefined;
      strikes.see(event);
      return undefined;
    },
    rest() {
      return struck === told ? undefined : `it has ${told} strikes, but ${struck} were recorded`;
    },
  };
}

const assumptions = { header, order, terms, contenders, writes, failovers } as const satisfies Record<
  string,
  (header: TrialHeader) => Assumption
>;

export type AssumptionName = keyof typeof assumptions;

export class Assumptions implements Listener {
  readonly #holding = new Map<AssumptionName, Assumption>();
  readonly #broken = new Map<AssumptionName, string>();

  constructor(header: TrialHeader) {
    for (const name of Object.keys(assumptions) as AssumptionName[])
      this.#holding.set(name, assumptions[name](header));
  }

  strike(strike: Strike): void {
    for (const [name, assumption] of this.#holding) this.#note(name, assumption.strike?.(strike));
  }

  event(event: Event): void {
    for (const [name, assumption] of this.#holding) this.#note(name, assumption.event?.(event));
  }

  /** The broken assumptions, once everything is told, each with where it is first broken. */
  broken(): ReadonlyMap<AssumptionName, string> {
    for (const [name, assumption] of this.#holding) this.#note(name, assumption.rest?.());
    return this.#broken;
  }

  #note(name: AssumptionName, reason: string | undefined): void {
    if (reason === undefined) return;
    this.#broken.set(name, reason);
    this.#holding.delete(name);
  }
}

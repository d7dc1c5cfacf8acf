/**
 * Promises that an old leader did no harm: that no write was accepted over one with a higher token, and that no
 * thread that woke after another candidate had claimed had a lease that let it act.
 *
 * Does not promise that no old leader tried: refusing it is what a fence is for. If the counter was unguarded
 * on purpose, harm is reported as anywhere else; if no harm was done then, it was luck, and proves nothing. If
 * nobody could act after another candidate had claimed, there was nothing to guard, and nothing to object to.
 */
import type { Event, EventOf } from "../history/event.ts";
import type { CounterMode } from "../history/header.ts";
import { type StaleWrite, StaleWrites } from "../history/stale-write.ts";
import type { Strike } from "../history/strike.ts";
import { type RecordedTerm, Terms } from "../history/term.ts";
import { Windows } from "../history/window.ts";
import type { Checker, Evidence, Judgement, Verdict } from "./checker.ts";
import { conclude } from "./conclusion.ts";

export const fencing: Checker = {
  name: "fencing",
  assumes: ["header", "order", "terms", "contenders", "writes"],
  begin: ({ counter }) => new Fencing(counter),
};

type Thawed = EventOf<"thawed">;

class Fencing implements Judgement {
  readonly #counter: CounterMode;
  readonly #windows = new Windows();
  readonly #terms = new Terms();
  readonly #stale = new StaleWrites();
  /** Terms with a higher token than all before them. */
  readonly #risen: RecordedTerm[] = [];
  /** Candidates that woke with a valid lease at the last moment: others may have claimed at the same one. */
  #awake: Thawed[] = [];
  readonly #deceived: Evidence[] = [];
  #claimed = false;
  #wrote = false;

  constructor(counter: CounterMode) {
    this.#counter = counter;
  }

  strike(strike: Strike): void {
    this.#windows.strike(strike);
  }

  event(event: Event): void {
    if (this.#awake.some(({ at }) => at < event.at)) this.#findDeceived();
    this.#windows.event(event);
    this.#stale.event(event);
    const term = this.#terms.event(event);
    if (term !== undefined && term.czxid > (this.#risen.at(-1)?.czxid ?? Number.NEGATIVE_INFINITY))
      this.#risen.push(term);
    switch (event.type) {
      case "claimed":
        if (this.#windows.current?.end === null) this.#claimed = true;
        break;
      case "wrote":
        this.#wrote = true;
        break;
      case "thawed":
        if (event.lease === "valid") this.#awake.push(event);
        break;
      default:
        break;
    }
  }

  verdict(): Verdict {
    this.#findDeceived();
    const evidence = [...this.#overwritten(), ...this.#deceived];
    return conclude(
      evidence.sort((a, b) => a.at - b.at),
      this.#doubts(),
    );
  }

  #overwritten(): Evidence[] {
    const open = this.#counter === "unguarded" ? ": the fence was off" : "";
    return this.#stale.found().flatMap(({ at, candidate, czxid, successor, outcome }: StaleWrite) => {
      if (outcome.type !== "accepted") return [];
      const message =
        `candidate ${candidate} (token ${czxid}) made version ${outcome.version} of the counter after candidate ` +
        `${successor.candidate} (token ${successor.czxid}) had made version ${outcome.over}${open}`;
      return [{ at, message, candidates: [candidate, successor.candidate] }];
    });
  }

  /** A lease that still held when its leader woke, although another one led. */
  #findDeceived(): void {
    for (const { at, candidate } of this.#awake) {
      const own = this.#terms.last(candidate);
      const successor = own && this.#risen.find(({ czxid }) => czxid > own.czxid);
      if (successor === undefined) continue;
      const message = `candidate ${candidate} woke with a valid lease after candidate ${successor.candidate} had claimed`;
      this.#deceived.push({ at, message, candidates: [candidate, successor.candidate] });
    }
    this.#awake = [];
  }

  /** Reasons why a counter shows nothing. */
  #doubts(): string[] {
    if (this.#counter === "none") return [];
    if (this.#claimed && !this.#wrote)
      return ["leaders were to write to a counter, but the history has no such write"];
    return this.#counter === "unguarded" ? ["the fence was off, but no old leader happened to do harm"] : [];
  }
}

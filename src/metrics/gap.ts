/**
 * Finds out for how long nobody could act as the leader in a window: no candidate had a term whose lease held;
 * and for how long after the strike the leader of that moment still could.
 */
import type { Event } from "../history/event.ts";
import { type RecordedTerm, Terms } from "../history/term.ts";
import type { Window } from "../history/window.ts";

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Milliseconds; `null` if not known. */
export interface Gap {
  readonly gapMs: number | null;
  readonly heldMs: number | null;
}

/** Gathers a history's gaps, one for each window. */
export class Gaps {
  readonly #terms = new Terms();
  /** Each candidate's last term before the current window, and all since. */
  #recent: RecordedTerm[] = [];
  /** Later events may still tell how long a lease held. */
  readonly #windows: { readonly span: Span | null; readonly terms: readonly RecordedTerm[] }[] = [];

  event(event: Event): void {
    const term = this.#terms.event(event);
    if (term !== undefined) this.#recent.push(term);
  }

  add({ strike, end }: Window): void {
    const span = end === null ? null : { from: strike.startedAt, to: end.at };
    this.#windows.push({ span, terms: this.#recent });
    this.#recent = [...new Map(this.#recent.map((one) => [one.candidate, one])).values()];
  }

  /** Call this when everything is told: one for each added window; nothing is known of one without an end. */
  found(): Gap[] {
    return this.#windows.map(({ span, terms }) => {
      if (span === null) return { gapMs: null, heldMs: null };
      const held = heldIn(span, terms);
      return { gapMs: gapIn(span, terms) / 1e6, heldMs: held === null ? null : held / 1e6 };
    });
  }
}

function gapIn(span: Span, terms: readonly RecordedTerm[]): number {
  let [gap, covered] = [0, span.from];
  for (const { from, until, leaseUntil } of [...terms].sort((a, b) => a.from - b.from)) {
    if (from >= span.to) break;
    if (from > covered) gap += from - covered;
    covered = Math.max(covered, until === null ? span.to : Math.min(until, leaseUntil ?? until));
  }
  return gap + Math.max(0, span.to - covered);
}

/** `null` if nobody led at its beginning, or whoever did led on to its end. */
function heldIn(span: Span, terms: readonly RecordedTerm[]): number | null {
  const open = terms.filter(({ from, until }) => from <= span.from && (until === null || until > span.from));
  const until = open.at(-1)?.until ?? null;
  if (until === null) return null;
  const end = Math.min(until, open.at(-1)?.leaseUntil ?? until);
  return end >= span.to ? null : Math.max(0, end - span.from);
}

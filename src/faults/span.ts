/** Lengths of time that depend on a trial's timing. */
import type { Timing } from "./timing.ts";

/** Its parts add up. */
export interface Span {
  /** Session timeouts, written as `T`. */
  readonly timeouts?: number;
  readonly ticks?: number;
  readonly ms?: number;
}

/** The tick of ZooKeeper's own sample configuration, plus a second, where the ensemble's is not known. */
const LONGEST_TICK_MS = 3000;

export function msOf({ timeouts = 0, ticks = 0, ms = 0 }: Span, timing: Timing): number {
  const { sessionTimeoutMs, tickTimeMs } = timing;
  return timeouts * sessionTimeoutMs + ticks * (tickTimeMs ?? LONGEST_TICK_MS) + ms;
}

/** "2T + tick" */
export function spanText({ timeouts, ticks, ms }: Span): string {
  const parts = [
    ...(timeouts === undefined ? [] : [timeouts === 1 ? "T" : `${timeouts}T`]),
    ...(ticks === undefined ? [] : [ticks === 1 ? "tick" : `${ticks} ticks`]),
    ...(ms === undefined ? [] : [msText(ms)]),
  ];
  return parts.join(" + ");
}

/** "half of its session timeout", in a sentence about a victim. */
export function spanWords(span: Span): string {
  const { timeouts, ticks, ms } = span;
  if (timeouts === undefined || ticks !== undefined || ms !== undefined) return spanText(span);
  return timeouts === 0.5 ? "half of its session timeout" : `${timeouts} session timeouts`;
}

/** @returns `undefined` if it is not written as milliseconds, seconds or session timeouts: 500ms, 2s, 1.5T */
export function parseSpan(text: string): Span | undefined {
  const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|T)$/.exec(text) ?? [];
  const number = Number(digits);
  if (unit === undefined || number === 0) return undefined;
  if (unit === "T") return { timeouts: number };
  return { ms: unit === "s" ? number * 1000 : number };
}

function msText(ms: number): string {
  return ms % 1000 === 0 && ms > 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** Formats figures for the page. */

import { count as plainCount, milliseconds as plainMilliseconds } from "../export/figure-text.ts";

/** As in the terminal, with grouped thousands. */
export function milliseconds(ms: number): string {
  return grouped(plainMilliseconds(ms));
}

/** As in the terminal, with grouped thousands. */
export function count(value: number): string {
  return grouped(plainCount(value));
}

/** Used in a table: with the digits that an interval needs. */
export function fineRatio(value: number): string {
  if (value >= 99.95) return grouped(value.toFixed(0));
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

/** Used in a sentence: rounded as one would say it. */
export function times(value: number): string {
  if (value >= 9.95) return grouped(value.toFixed(0));
  return value >= 1.95 ? value.toFixed(1) : value.toFixed(2);
}

export function exponent(value: number): string {
  // Minus zero must not be shown as an exponent.
  return (Math.round(value * 100) / 100 + 0).toFixed(2);
}

export function pValue(value: number): string {
  return value < 0.001 ? "< 0.001" : value.toFixed(3);
}

export function interval([low, high]: readonly [number, number], text: (value: number) => string): string {
  return `${text(low)} – ${text(high)}`;
}

/** Stands for a figure that does not exist. */
export const NONE = "–";

export function orNone(value: number | null | undefined, text: (value: number) => string): string {
  return value === null || value === undefined ? NONE : text(value);
}

/** "failover 3 of 20"; without their number, if somebody chose the strikes. */
export function failoverOf(failover: number, { failovers }: { readonly failovers: number }): string {
  return failovers === 0 ? `failover ${failover}` : `failover ${failover} of ${failovers}`;
}

export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** `singleLeader` → `single leader`. */
export function words(name: string): string {
  return name.replaceAll(
    /([a-z])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
}

const NARROW_SPACE = "\u202f";

function grouped(digits: string): string {
  return digits.replaceAll(/\B(?=(\d{3})+(?!\d))/g, NARROW_SPACE);
}

/** Time on a page: conversion between nanoseconds and pixels, ticks at round moments, and durations as text. */

export interface TimeScale {
  /** Nanoseconds since the run's origin at the left and at the right edge. */
  readonly from: number;
  readonly to: number;
  /** Pixels. */
  readonly left: number;
  readonly width: number;
}

export function xOf({ from, to, left, width }: TimeScale, at: number): number {
  return left + ((at - from) / (to - from)) * width;
}

export function timeAt({ from, to, left, width }: TimeScale, x: number): number {
  return from + ((x - left) / width) * (to - from);
}

/** Units in nanoseconds; the largest first. */
const units = [
  { name: "min", ns: 60e9 },
  { name: "s", ns: 1e9 },
  { name: "ms", ns: 1e6 },
  { name: "µs", ns: 1e3 },
  { name: "ns", ns: 1 },
] as const;

const unitOf = (ns: number) => units.find((unit) => Math.abs(ns) >= unit.ns) ?? units[4];

/** The step's unit, unless the largest number would have more than four digits before its point. */
function unitFor(step: number, largest: number) {
  return units.findLast(({ ns }) => ns >= unitOf(step).ns && largest / ns < 10_000) ?? units[0];
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Round moments, counted from an origin, at least this many pixels apart. */
export function ticksOf(scale: TimeScale, origin: number, apart = 90): Tick[] {
  const step = roundStep(((scale.to - scale.from) / scale.width) * apart);
  const unit = unitFor(step, Math.max(Math.abs(scale.from - origin), Math.abs(scale.to - origin)));
  const ticks: Tick[] = [];
  for (let n = Math.ceil((scale.from - origin) / step); origin + n * step <= scale.to; n++) {
    const value = (n * step) / unit.ns;
    ticks.push({
      at: origin + n * step,
      label:
        n === 0
          ? "0"
          : `${Number(value.toPrecision(12)).toLocaleString("en").replace("-", "−")} ${unit.name}`,
    });
  }
  return ticks;
}

/** 1, 2 or 5 times a power of ten; clock-like steps for seconds and minutes. */
function roundStep(least: number): number {
  for (const seconds of [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600]) {
    if (least > 0.5e9 && seconds * 1e9 >= least) return seconds * 1e9;
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power;
}

/** Three digits: "2.31 ms", "812 µs", "1.24 s". */
export function duration(ns: number): string {
  if (ns === 0) return "0 ms";
  const rounded = Number(ns.toPrecision(3));
  const unit = unitOf(rounded);
  const value = rounded / unit.ns;
  return `${value >= 100 ? Math.round(value) : value.toPrecision(3)} ${unit.name}`;
}

/** As fine as a pixel, if that is finer than three digits: "2,172.25 ms". */
export function durationTo(ns: number, resolution: number): string {
  const unit = ns >= 1e9 && resolution < 1e6 ? units[2] : unitOf(ns);
  const needed = Math.floor(Math.log10(unit.ns / resolution));
  const digits = 2 - Math.floor(Math.log10(Math.max(1, ns / unit.ns)));
  if (needed <= digits) return duration(ns);
  return `${(ns / unit.ns).toLocaleString("en", { minimumFractionDigits: needed, maximumFractionDigits: needed })} ${unit.name}`;
}

/** Exact to the nanosecond: "4.570925 ms", "812.345 µs". */
export function exactDuration(ns: number): string {
  const unit = Math.abs(ns) < 1e6 ? units[3] : Math.abs(ns) < 1e9 ? units[2] : units[1];
  const decimals = Math.log10(unit.ns);
  return `${(ns / unit.ns).toFixed(decimals)} ${unit.name}`;
}

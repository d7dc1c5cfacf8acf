/** Time on a page: conversion between nanoseconds and pixels, ticks at round moments, and durations as text. */

export interface TimeScale {
  /** Nanoseconds since the run's origin at the left and at the right edge. */
  readonly from: number;
  readonly to: number;
  /** Pixels. */
  readonly left: number;
  readonly width: number;
  /** What is left out, in chronological order. */
  readonly cuts?: readonly Cut[];
}

/** A stretch that an axis leaves out: its ends meet. */
export interface Cut {
  readonly from: number;
  readonly to: number;
  /** The first moment after it at which something happens: from there the axis counts anew. */
  readonly resumes: number;
}

/** A moment on an axis, which leaves out what is cut before it. */
export function shownOf(at: number, cuts: readonly Cut[] = []): number {
  return cuts.reduce((shown, { from, to }) => shown - Math.min(Math.max(0, at - from), to - from), at);
}

/** The moment that an axis shows there. */
function momentOf(shown: number, cuts: readonly Cut[] = []): number {
  return cuts.reduce((at, { from, to }) => (at > from ? at + to - from : at), shown);
}

/** The scale of a stretch that is given in shown nanoseconds since an origin, before which nothing is cut. */
export function scaleOf(
  origin: number,
  shown: Pick<TimeScale, "from" | "to">,
  place: Pick<TimeScale, "left" | "width">,
  cuts: readonly Cut[] = [],
): TimeScale {
  const { from, to } = shown;
  return { from: momentOf(origin + from, cuts), to: momentOf(origin + to, cuts), cuts, ...place };
}

/** The shown nanoseconds from edge to edge. */
export function spanOf({ from, to, cuts }: TimeScale): number {
  return shownOf(to, cuts) - shownOf(from, cuts);
}

export function xOf(scale: TimeScale, at: number): number {
  const { from, left, width, cuts } = scale;
  return left + ((shownOf(at, cuts) - shownOf(from, cuts)) / spanOf(scale)) * width;
}

export function timeAt(scale: TimeScale, x: number): number {
  const { from, left, width, cuts } = scale;
  return momentOf(shownOf(from, cuts) + ((x - left) / width) * spanOf(scale), cuts);
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

/** Round moments, counted from an origin and anew after each cut, at least this many pixels apart. */
export function ticksOf(scale: TimeScale, origin: number, apart = 90): Tick[] {
  const step = roundStep((spanOf(scale) / scale.width) * apart);
  const cuts = scale.cuts ?? [];
  const starts = [{ from: scale.from, origin, plus: "" }].concat(
    cuts.map(({ to, resumes }) => ({ from: Math.max(to, resumes, scale.from), origin: resumes, plus: "+" })),
  );
  return starts.flatMap((start, index) => {
    const to = Math.min(scale.to, cuts[index]?.from ?? scale.to);
    const unit = unitFor(step, Math.max(Math.abs(start.from - start.origin), Math.abs(to - start.origin)));
    const ticks: Tick[] = [];
    for (let n = Math.ceil((start.from - start.origin) / step); start.origin + n * step <= to; n++) {
      const value = Number(((n * step) / unit.ns).toPrecision(12));
      const label = n === 0 ? "0" : `${value.toLocaleString("en").replace("-", "−")} ${unit.name}`;
      ticks.push({ at: start.origin + n * step, label: start.plus + label });
    }
    return ticks;
  });
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

/// <reference lib="dom" />
/** The figures under the lines: the parts of the last failover, and all failovers so far. */
import { part, textIn } from "../../report/client/page-parts.ts";
import { schemeInk } from "../../report/scheme-style.ts";
import { ticksOf, xOf } from "../../report/timeline/time-scale.ts";
import { type Bar, barOf, endOf, medianOf } from "../figures.ts";
import type { Failover, Side } from "../side.ts";
import { barTip, barWords, dotTip, medianWords, overlapWords, partWords, toldParts } from "../words.ts";

/** Beside the last mark, so that it is not cut off. */
const MARGIN = 1.04;
/** A place on the axis, in percent of its width. */
const LAST_TICK = 85;
/** Dots above each other, so that equal ones can be told apart. */
const LEVELS = 5;

export class FiguresView {
  readonly #bars: HTMLElement;
  readonly #strip: HTMLElement;

  constructor(root: HTMLElement) {
    this.#bars = part(root, "bars", HTMLElement);
    this.#strip = part(root, "strip", HTMLElement);
  }

  draw(sides: readonly Side[]): void {
    const bars = sides.map(barOf);
    const end = endOf(bars) * MARGIN;
    this.#bars.replaceChildren(
      ...sides.flatMap((side, index) => barRow(side, bars[index], end)),
      axis(end, "since the old one was gone"),
    );
    const all = sides.flatMap(({ failovers }) => failovers);
    const last = Math.max(0, ...all.map(({ quietAfter }) => quietAfter)) * MARGIN;
    this.#strip.replaceChildren(
      ...sides.flatMap((side) => stripRow(side, last)),
      axis(last, "since the old leader was gone"),
    );
  }
}

function barRow(side: Side, bar: Bar | undefined, end: number): HTMLElement[] {
  const plot = document.createElement("div");
  plot.className = "bar";
  for (const { name, from, until } of bar?.parts ?? [])
    if (until > from) plot.append(mark(name, from, until, end));
  if (bar?.overlap)
    plot.append(mark("overlap", bar.overlap.from, Math.min(end, bar.overlap.until ?? end), end));
  const row = labelled(side, plot, barTip(side, bar));
  const marks = document.createElement("p");
  marks.className = "marks";
  marks.append(...(bar === undefined ? [textIn("span", barWords(bar))] : marksOf(bar)));
  return [row, marks];
}

function marksOf(bar: Bar): HTMLElement[] {
  const said = toldParts(bar).map(({ name, until }) => {
    const item = textIn("span", partWords(name, until));
    item.className = `is-${name}`;
    return item;
  });
  const overlap = overlapWords(bar);
  if (overlap !== "") {
    const item = textIn("span", overlap);
    item.className = "is-overlap";
    said.push(item);
  }
  return [textIn("span", barWords(bar)), ...said];
}

function stripRow(side: Side, last: number): HTMLElement[] {
  const plot = document.createElement("div");
  plot.className = "dots";
  side.failovers.forEach((failover, index) => {
    for (const kind of ["quietAfter", "leadsAfter"] as const) plot.append(dot(kind, failover, index, last));
  });
  for (const kind of ["quietAfter", "leadsAfter"] as const) {
    const median = medianOf(side.failovers, kind);
    if (median === undefined) continue;
    const tick = document.createElement("i");
    tick.className = `median ${kind}`;
    tick.style.left = percent(median, last);
    plot.append(tick);
  }
  const words = textIn("p", medianWords(side.failovers));
  words.className = "marks";
  return [labelled(side, plot, `${side.scheme}: ${medianWords(side.failovers)}.`), words];
}

function dot(kind: keyof Failover, failover: Failover, index: number, last: number): HTMLElement {
  const element = document.createElement("i");
  element.className = `dot ${kind}`;
  element.style.left = percent(failover[kind], last);
  element.style.top = `${20 + (60 * (index % LEVELS)) / (LEVELS - 1)}%`;
  element.dataset.tip = dotTip(kind, failover, index);
  return element;
}

/** @param tip what the plot says when it is pointed at, and to somebody who does not see it */
function labelled(side: Side, plot: HTMLElement, tip: string): HTMLElement {
  const row = document.createElement("div");
  row.className = "row";
  row.style.setProperty("--mine", `var(--${schemeInk(side.scheme)})`);
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", tip);
  plot.tabIndex = 0;
  plot.dataset.tip = tip;
  row.append(textIn("b", side.scheme), plot);
  return row;
}

function mark(name: string, from: number, until: number, end: number): HTMLElement {
  const element = document.createElement("i");
  element.className = `part is-${name}`;
  element.style.left = percent(from, end);
  element.style.width = percent(until - from, end);
  return element;
}

function percent(value: number, end: number): string {
  return `${(end > 0 ? (100 * value) / end : 0).toFixed(2)}%`;
}

function axis(end: number, since: string): HTMLElement {
  const row = document.createElement("div");
  row.className = "row axis";
  const plot = document.createElement("div");
  plot.setAttribute("aria-hidden", "true");
  const scale = { from: 0, to: end, left: 0, width: 100 };
  if (end > 0)
    for (const { at, label } of ticksOf(scale, 0, 25)) {
      // Its label would leave the page.
      if (xOf(scale, at) > LAST_TICK) continue;
      const tick = textIn("span", label);
      tick.style.left = `${xOf(scale, at).toFixed(2)}%`;
      plot.append(tick);
    }
  const words = textIn("span", end > 0 ? since : "");
  words.className = "unseen";
  row.append(words, plot);
  return row;
}

/** A chart on the page: its title, how to read it, what its colours mean, and the drawing for two widths. */

import { html, type Markup } from "../markup.ts";
import { inOrder, lookOf, runLookOf } from "../scheme-style.ts";
import type { Chart, ChartRun } from "./chart.ts";
import { chartSvg } from "./chart-svg.ts";
import { phaseNames } from "./phases.ts";

/** Drawn for the page's column and for a telephone, so that text has its size on both; the style shows one. */
export const widths = { wide: 840, narrow: 340 } as const;

export function chartFigure(chart: Chart, runs: readonly ChartRun[]): Markup | null {
  const drawings = Object.entries(widths).flatMap(([name, width]) => {
    const drawing = chart.draw(runs, width);
    if (drawing === null) return [];
    const svg = chartSvg(drawing, width, chart.id.slice(0, 2) + name.slice(0, 1));
    return html`<div class="${name}" role="img" aria-label="${chart.title}">${svg}</div>`;
  });
  if (drawings.length === 0) return null;
  return html`<figure class="chart" id="chart-${chart.id}">
<h3>${chart.title}</h3>
<figcaption>${chart.caption(runs)}</figcaption>
${chart.key === "phases" ? phaseKey() : schemeKey(runs)}
<div class="drawing">${drawings}</div>
</figure>`;
}

function schemeKey(runs: readonly ChartRun[]): Markup {
  const schemes = inOrder(runs.flatMap(({ result }) => result.trials.map(({ scheme }) => scheme)));
  const items = schemes.map((scheme) => {
    const { colour, outline } = lookOf(scheme);
    return html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><path d="${outline}" fill="${colour}"/></svg>${scheme}</li>`;
  });
  return html`<ul class="key">${items}${runs.length > 1 ? runs.map(({ name }, run) => runItem(name, run)) : null}</ul>`;
}

function runItem(name: string, run: number): Markup {
  const { hollow, centre, dashes } = runLookOf(run);
  const { outline } = lookOf("predecessor");
  const fill = hollow ? "var(--paper)" : "var(--ink)";
  return html`<li><svg class="stroke" viewBox="0 0 22 10" aria-hidden="true"><path d="M0 5H22" stroke="var(--ink)" stroke-width="1.4" stroke-dasharray="${dashes.join(" ")}"/><path transform="translate(6 0)" d="${outline + centre}" fill="${fill}" stroke="var(--ink)" stroke-width="1.2"/></svg>${name}</li>`;
}

function phaseKey(): Markup {
  const items = phaseNames.map(
    (phase) =>
      html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><path d="M0 1h10v8H0Z" fill="var(--${phase})"/></svg>${phase}</li>`,
  );
  return html`<ul class="key">${items}</ul>`;
}

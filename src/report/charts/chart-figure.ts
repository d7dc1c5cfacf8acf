/** A chart on the page: its title, how to read it, what its colours mean, and the drawing. */

import { html, type Markup } from "../markup.ts";
import { inOrder, lineOf, lookOf } from "../scheme-style.ts";
import type { Chart, ChartRun } from "./chart.ts";
import { chartSvg } from "./chart-svg.ts";
import { phaseNames } from "./phases.ts";

export function chartFigure(chart: Chart, runs: readonly ChartRun[]): Markup | null {
  const drawing = chartSvg(chart, runs);
  if (drawing === null) return null;
  return html`<figure class="chart" id="chart-${chart.id}">
<h3>${chart.title}</h3>
<figcaption>${chart.caption}</figcaption>
${chart.key === "phases" ? phaseKey() : schemeKey(runs)}
<div class="drawing" role="region" aria-label="${chart.title}" tabindex="0"><div class="still">${drawing}</div></div>
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

/** The first run is filled and solid; the others are hollow, with broken lines. */
function runItem(name: string, run: number): Markup {
  const dashes = { solid: "0", dashed: "5 3", dotted: "1.5 2.5" }[lineOf(run)];
  const fill = run === 0 ? "var(--ink)" : "var(--paper)";
  return html`<li><svg class="stroke" viewBox="0 0 22 10" aria-hidden="true"><path d="M0 5H22" stroke="var(--ink)" stroke-width="1.4" stroke-dasharray="${dashes}"/><circle cx="11" cy="5" r="3.2" fill="${fill}" stroke="var(--ink)" stroke-width="1.2"/></svg>${name}</li>`;
}

function phaseKey(): Markup {
  const items = phaseNames.map(
    (phase) =>
      html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><path d="M0 1h10v8H0Z" fill="var(--${phase})"/></svg>${phase}</li>`,
  );
  return html`<ul class="key">${items}</ul>`;
}

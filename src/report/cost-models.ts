/** How every figure grows, and what that foretells: folded, one figure at a time, since there are many. */
import { cappedTexts, FORETOLD, percent, TRUSTED_MISS, worstMiss } from "../export/growth-text.ts";
import { chartFigure } from "./charts/chart-figure.ts";
import { costModelChart } from "./charts/cost-models.ts";
import { html, type Markup } from "./markup.ts";
import type { ReportRun } from "./report-run.ts";
import { costModelTables, type FigureModels, figureModels } from "./tables/cost-models.ts";

/** `null` if no run had enough numbers of candidates. */
export function costModels(runs: readonly ReportRun[]): Markup | null {
  const figures = figureModels(runs);
  if (figures.length === 0) return null;
  const capped = cappedTexts(figures.flatMap(({ rows }) => rows.map(({ model }) => model)));
  return html`<h3>How each figure grows, and what that foretells</h3>
<p class="about">About like N to the power, with its 95 % interval: 0 is no growth, 1 in proportion, 2 like the square. Beside it what it consists of, as far as the measurements show it. Each of the two largest N was left out in turn, and foretold from all others: a model that misses by more than ${percent(TRUSTED_MISS)} says little of larger numbers.</p>
<p class="about">${FORETOLD}. In brackets the 95 % interval, if the model is right.</p>
${capped.length === 0 ? null : html`<ul class="remarks">${capped.map((line) => html`<li>${line}</li>`)}</ul>`}
${figures.map((figure, index) => fold(figure, runs, index === 0))}`;
}

function fold(figure: FigureModels, runs: readonly ReportRun[], isOpen: boolean): Markup {
  const chart = costModelChart(runs, figure.measure);
  return html`<details${isOpen ? html` open` : null}><summary>${figure.title}${trust(figure)}</summary>
${chart && chartFigure(chart, runs)}
${costModelTables(figure)}</details>`;
}

/** How well its models foretell, so that a reader sees it before unfolding. */
function trust({ rows }: FigureModels): Markup | null {
  const misses = rows.flatMap(({ model }) => worstMiss(model) ?? []);
  if (misses.length === 0) return null;
  const trusted = misses.filter((miss) => miss <= TRUSTED_MISS).length;
  return html` <span class="trust">foretold within ${percent(TRUSTED_MISS)}: ${trusted} of ${misses.length}</span>`;
}

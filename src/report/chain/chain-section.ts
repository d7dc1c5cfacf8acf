/**
 * The chain's section of the page: the first step drawn, every step as text, and the controls for
 * client/chain.ts, which stay hidden until that has started.
 */

import { headingOf } from "../heading.ts";
import { html, type Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { type SvgNode, svg, svgMarkup } from "../svg.ts";
import { episodesOf } from "../timeline/episode.ts";
import { type Chain, chainOf, typicalEpisode } from "./chain.ts";
import { type CellState, cellStates, chainFigure } from "./chain-figure.ts";
import { chainGroups } from "./chain-groups.ts";
import { believes, stepNames, stepSentence, stepTitles } from "./chain-steps.ts";

export function chainSection(runs: readonly ReportRun[]): Markup {
  const chains = firstChains(runs);
  return html`<section class="chain" id="chain">
${headingOf("chain", "One failover, step by step")}
<p>A cell for every contender, with its candidate’s number where there is room. Their line winds, and the leader stands at its beginning; an arrow goes from each to what it watches. All times are measured, and count from the fault.</p>
<ul class="key">${statesIn(chains).map((state) => html`<li>${svgMarkup(sampleOf(state))}${cellStates[state]}</li>`)}</ul>
<label class="chain-choice" data-part="choice" hidden>Of <select data-part="group"></select></label>
<div class="chain-live" data-part="controls" hidden>
<span class="chain-steps" data-part="steps" role="group" aria-label="Steps"></span>
<span class="chain-move">
<button type="button" data-part="back">Back</button>
<button type="button" data-part="next">Next</button>
<button type="button" data-part="play">Play</button>
</span>
</div>
<div class="chain-figures" data-part="figures">${chains.map(figure)}</div>
</section>`;
}

function firstChains([run]: readonly ReportRun[]): Chain[] {
  const [group] = chainGroups(run?.histories ?? [], ({ header }) => header);
  return (group?.trials ?? []).flatMap((history) => {
    const episode = typicalEpisode(episodesOf(history));
    return episode === undefined ? [] : [chainOf(history, episode)];
  });
}

/** The states to explain: not every fault leaves an old leader behind that believes on. */
function statesIn(chains: readonly Chain[]): CellState[] {
  const two = chains.some((chain) => chain.line.some((link) => believes(chain, link, "leads")));
  const all = Object.keys(cellStates) as CellState[];
  return all.filter((state) => state !== "believer" || two);
}

function sampleOf(state: CellState): SvgNode {
  const cell = svg("path", { class: `cell ${state}`, d: "M1 1h8v8h-8z" });
  return svg("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, cell);
}

function figure(chain: Chain): Markup {
  return html`<figure>
<figcaption><b>${chain.header.scheme}</b><br>failover ${chain.episode.failover} of ${chain.header.failovers}, the one nearest to the median</figcaption>
${svgMarkup(chainFigure(chain, "before"))}
<ol>${stepNames.map((step) => html`<li><b>${stepTitles[step]}.</b> ${stepSentence(chain, step)}</li>`)}</ol>
</figure>`;
}

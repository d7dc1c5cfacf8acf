/**
 * The chain's section of the page: the first step drawn, every step as text, and the controls for
 * client/chain.ts, which stay hidden until that has started.
 */

import { headingOf } from "../heading.ts";
import { html, type Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { svgMarkup } from "../svg.ts";
import { episodesOf } from "../timeline/episode.ts";
import { type Chain, chainOf, typicalEpisode } from "./chain.ts";
import { chainFigure } from "./chain-figure.ts";
import { pairsOf } from "./chain-pairs.ts";
import { stepNames, stepSentence, stepTitles } from "./chain-steps.ts";

export function chainSection(runs: readonly ReportRun[]): Markup {
  return html`<section class="chain" id="chain">
${headingOf("chain", "One failover, step by step")}
<p>Boxes are contenders in the order of their znodes, by candidate number, the leader first; an arrow goes from each to what it watches. All times are measured, and count from the fault.</p>
<div class="chain-live" data-part="controls" hidden>
<label>Of <select data-part="pair"></select></label>
<span class="chain-steps" data-part="steps" role="group" aria-label="Steps"></span>
<span class="chain-move">
<button type="button" data-part="back">Back</button>
<button type="button" data-part="next">Next</button>
<button type="button" data-part="play">Play</button>
</span>
</div>
<div class="chain-figures" data-part="figures">${firstChains(runs).map(figure)}</div>
</section>`;
}

function firstChains([run]: readonly ReportRun[]): Chain[] {
  const [pair] = pairsOf(run?.histories ?? [], ({ header }) => header);
  return (pair?.trials ?? []).flatMap((history) => {
    const episode = typicalEpisode(episodesOf(history));
    return episode === undefined ? [] : [chainOf(history, episode)];
  });
}

function figure(chain: Chain): Markup {
  return html`<figure>
<figcaption><b>${chain.header.scheme}</b><br>failover ${chain.episode.failover} of ${chain.header.failovers}, the one nearest to the median</figcaption>
${svgMarkup(chainFigure(chain, "before"))}
<ol>${stepNames.map((step) => html`<li><b>${stepTitles[step]}.</b> ${stepSentence(chain, step)}</li>`)}</ol>
</figure>`;
}

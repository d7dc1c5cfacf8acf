/**
 * The chain's section of the page: the first step drawn, every step as text, and the controls for
 * client/chain.ts, which stay hidden until that has started.
 */

import { mayLeaveLeaders } from "../../export/trial-columns.ts";
import { groupOf } from "../../faults/fault-group.ts";
import { faultNamed } from "../../faults/faults.ts";
import { headingOf } from "../heading.ts";
import { html, type Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { type SvgNode, svg, svgMarkup } from "../svg.ts";
import { episodesOf } from "../timeline/episode.ts";
import { failoverOf } from "../wording.ts";
import { type Chain, chainOf, typicalEpisode } from "./chain.ts";
import { cellStates, chainFigure } from "./chain-figure.ts";
import { chainGroups } from "./chain-groups.ts";
import { stepNames, stepSentence, stepTitles } from "./chain-steps.ts";

export function chainSection(runs: readonly ReportRun[]): Markup {
  const chains = firstChains(runs);
  return html`<section class="chain" id="chain">
${headingOf("chain", "One failover, step by step")}
<p>A cell for every contender, with its candidate’s number where there is room. Their line winds, and the leader stands at its beginning; an arrow goes from each to what it watches. All times are measured, and count from the fault.</p>
${keyOf(runs)}
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

/** What the drawings may show: not every fault leaves an old leader behind, or cuts somebody off. */
function keyOf(runs: readonly ReportRun[]): Markup {
  const two = runs.some(({ result }) => result.trials.some(mayLeaveLeaders));
  const isCutting = runs.some(({ histories }) =>
    histories.some(({ header }) => {
      const fault = faultNamed(header.fault);
      return fault !== undefined && ["network", "servers"].includes(groupOf(fault));
    }),
  );
  const states = Object.entries(cellStates).filter(([state]) => state !== "believer" || two);
  const item = (shape: SvgNode, name: string) =>
    html`<li>${svgMarkup(svg("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, shape))}${name}</li>`;
  return html`<ul class="key">${states.map(([state, name]) =>
    item(svg("path", { class: `cell ${state}`, d: "M1 1h8v8h-8z" }), name),
  )}${isCutting ? item(svg("path", { class: "cut", d: "M1 9l8 -8" }), "cut off from the servers") : null}</ul>`;
}

function figure(chain: Chain): Markup {
  return html`<figure>
<figcaption><b>${chain.header.scheme}</b><br>${failoverOf(chain.episode.failover, chain.header)}, the one nearest to the median</figcaption>
${svgMarkup(chainFigure(chain, "before"))}
<ol>${stepNames.map((step) => html`<li><b>${stepTitles[step]}.</b> ${stepSentence(chain, step)}</li>`)}</ol>
</figure>`;
}

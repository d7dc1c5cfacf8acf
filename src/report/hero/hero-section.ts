/** The hero on the page: a strip for each scheme between its name and its figures; on a phone below them. */

import { schemeWatches } from "../../export/scheme-words.ts";
import { failoverIn } from "../address.ts";
import { headingOf } from "../heading.ts";
import { html, type Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { lookOf } from "../scheme-style.ts";
import { svg, svgMarkup } from "../svg.ts";
import { ticksOf } from "../timeline/time-scale.ts";
import { failoverOf } from "../wording.ts";
import { figuresOf, figureText, type Hero, heroOf, type Strip } from "./hero.ts";
import { type Mark, marks, marksIn, sampleOf, stripHeight, stripPicture } from "./strip-picture.ts";

/** Strips are drawn at this width, and stretched to the page's. */
const WIDTH = 1000;

/** `null` without a history: a result alone does not say who was woken when. */
export function heroSection(runs: readonly ReportRun[]): Markup | null {
  const hero = heroOf(runs);
  if (hero === null) return null;
  return html`<section class="hero" id="hero">${headingOf("hero", hero.title)}
<p>${howToRead(hero)}</p>
<ul class="key">${marksIn(hero).map(keyOf)}</ul>
${hero.strips.map((strip) => figure(strip, hero))}
<div class="hero-axis" aria-hidden="true"><div>${ticks(hero)}</div></div>
</section>`;
}

/** A sentence or two, for the page and the file. */
export function howToRead({ conditions, strips, afterWait }: Hero): string {
  const which = strips.length === 1 ? "The failover" : "Of each scheme the failover";
  const clock = afterWait
    ? "The clock starts when the first one is woken: the wait for a session to expire is left out."
    : "The clock starts at the fault.";
  return `${conditions}. ${which} nearest to the median, ${strips.length === 1 ? "" : "all on one scale, "}a row for each candidate. ${clock}`;
}

function keyOf(name: Mark): Markup {
  return html`<li><svg viewBox="0 0 10 10" aria-hidden="true">${svgMarkup(sampleOf(name))}</svg>${marks[name].name}</li>`;
}

/** The strip and its caption lead into the timeline; the keyboard needs one of them. */
function figure(strip: Strip, hero: Hero): Markup {
  const { header, episode } = strip.chain;
  const place = failoverIn({ run: strip.run, trial: header.trial }, episode.failover);
  const watches = schemeWatches(header.scheme);
  const height = stripHeight(strip.rows.length);
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${height}`,
      height,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": `${header.scheme}: ${figureText(strip)}`,
    },
    ...stripPicture(strip, hero, WIDTH, height),
  );
  return html`<figure>
<figcaption><b style="color:${lookOf(header.scheme).colour}">${header.scheme}</b>${
    watches === null ? null : html`<span>watches ${watches}</span>`
  }<span><a href="${place}">${failoverOf(episode.failover, header)}</a></span></figcaption>
<a href="${place}" tabindex="-1">${svgMarkup(picture)}</a>
<p>${figuresOf(strip).map(
    ({ value, words, tone }) => html`<span class="${tone}"><b>${value}</b> ${words}</span>`,
  )}</p>
</figure>`;
}

function ticks(hero: Hero): Markup[] {
  // Few enough for a phone.
  return (
    ticksOf({ from: hero.from, to: hero.to, left: 0, width: WIDTH }, 0, 200)
      .map(({ at, label }) => ({ at, label, share: (100 * (at - hero.from)) / (hero.to - hero.from) }))
      // A label at the very edge would stick out of the page.
      .filter(({ at, share }) => at >= 0 && share < 96)
      .map(({ label, share }) => {
        return html`<span style="left:${share.toFixed(1)}%">${label}</span>`;
      })
  );
}

/**
 * The live page: one file that needs nothing else. The script that it is given brings the ground: a model
 * (client/play.ts), or the connection to a real ensemble.
 */
import { html, Markup } from "../report/markup.ts";
import { type PageParts, wholePage } from "../report/whole-page.ts";
import { blows, type Powers, serverBlows } from "./ground.ts";
import { lessonsFor } from "./lessons.ts";
import { liveStyle } from "./live-style.ts";
import { blowWords, serverBlowWords } from "./words.ts";

const TITLE = "Kill the leader. Who wakes up?";

export interface LivePageOptions {
  /** The bundle of the page's script. */
  readonly script: string;
  readonly powers: Powers;
  /** A few words on what this page shows. */
  readonly kicker: string;
  /** What the ground is, and how true it is. */
  readonly ground: string;
  /** What the script reads besides, safe in HTML. */
  readonly data?: Markup;
  readonly asks?: PageParts["asks"];
}

/** The whole document as text. */
export function livePage({ script, powers, kicker, ground, data, asks }: LivePageOptions): string {
  const lessons = lessonsFor(powers);
  return wholePage({
    title: TITLE,
    description: "Two ZooKeeper elections side by side: kill the leader, and see who wakes up.",
    style: liveStyle,
    ...{ script, asks },
    body: html`<header>
<p class="kicker">zk-election-lab · ${kicker}</p>
<h1>${TITLE}</h1>
<p class="lede">Several programs can do a job that only one may do at a time: the <em>leader</em>. They agree by a list, which a service keeps
for them: ZooKeeper. Each candidate puts an entry, a <em>znode</em>, into the list, and the oldest entry leads. When ZooKeeper has not heard
from a candidate for some seconds, its <em>session</em> is over, and its entry is removed. Whoever waits sleeps, and has set a <em>watch</em>:
ZooKeeper calls it once, when a certain entry goes. Which entry should that be? Here are two answers.</p>
<p class="warn" data-part="notice" role="status"></p>
<noscript><p class="warn">This page plays by its script, which does not run here.</p></noscript>
</header>
<main>
<section class="stage" aria-label="Two elections" data-part="stage">
${clock(powers)}
<p class="guide" data-part="guide" role="status"></p>
${line(0, "First", powers)}
${line(1, "Second", powers)}
<p class="folded" data-part="folded" hidden>The lines are too long to show every box: in the middle each candidate is one small cell, which
lights up as a box does. Cells of one column share an arrow, and those that watch the cell just before them have none.</p>
${compare()}
${servers(powers)}
<div class="dock" data-part="dock">
<div class="story"><p data-part="story-text" aria-live="polite"></p>
<button type="button" data-part="story-next" class="first">Next <kbd>n</kbd></button>
<button type="button" data-part="story-end">Play on <kbd>p</kbd></button></div>
${strikes(powers)}
</div>
${key()}
</section>
<section class="learn" aria-labelledby="learn"><h2 id="learn">${lessons.length} things to see</h2>
<ol class="lessons">${lessons.map(
      ({ title, text, strikes }) => html`<li data-part="lesson"><h3>${title}</h3><p>${text}</p>
<p class="seen" hidden></p>${strikes.length > 0 ? stepByStep : null}</li>`,
    )}</ol></section>
<section class="sums" aria-labelledby="sums"><h2 id="sums">So far</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Sums"><table><thead><tr><td></td><th scope="col" class="figure">gone</th><th scope="col" class="figure">woken</th>
<th scope="col" class="figure">for nothing</th><th scope="col" class="figure">reads</th></tr></thead>
<tbody data-part="tally"></tbody></table></div></section>
<section class="told" aria-labelledby="told"><h2 id="told">What happened</h2>
<div class="log" data-part="log" role="log" aria-label="What happened, the latest first" tabindex="0"></div></section>
</main>
<footer><p>${ground}</p></footer>
${data ?? null}`,
  });
}

const stepByStep = html`<button type="button">Step by step</button>`;

function clock({ candidates }: Powers): Markup {
  return html`<div class="clock">
<p class="time"><span data-part="time">0 ms</span> <span class="muted" data-part="pace"></span></p>
<div class="controls">
<label>Slowed <select data-part="slower">${[100, 1000, 3000].map(
    (slower) =>
      html`<option value="${slower}"${slower === 1000 ? new Markup(" selected") : null}>× ${slower}</option>`,
  )}</select></label>
<button type="button" data-part="pause" aria-pressed="false">Pause <kbd>p</kbd></button>
<button type="button" data-part="step">Step <kbd>n</kbd></button>
${candidates === "chosen" ? start() : null}
</div></div>`;
}

function start(): Markup {
  return html`<label class="slider">Candidates <input type="range" min="3" max="200" value="12" data-part="candidates"> <output data-part="candidates-said">12</output></label>
<button type="button" data-part="again">Start again</button>`;
}

/** What the looks of a box mean: where boxes are narrow, only some of them say it. */
const looks = {
  leads: "leads",
  woken: "woken, and asks for the list",
  looks: "has the list",
  "again in-vain": "woken for nothing",
  "is-gone": "gone",
  dead: "dead, not yet noticed",
  frozen: "stands still",
  cut: "cut off",
  "believes frozen": "believes that it still leads",
};

function key(): Markup {
  return html`<p class="key"><span><b>c7</b> an entry, and below it the number of its candidate</span><span>${new Markup(
    '<svg viewBox="0 0 26 13" aria-hidden="true"><path d="M24 12C24 0 4 0 4 8"/><path class="head" d="M4 13l-3-6h6z"/></svg>',
  )} a watch</span>${Object.entries(looks).map(
    ([look, means]) => html`<span><i class="box ${look}"></i> ${means}</span>`,
  )}</p>`;
}

const counts = [
  { part: "woken", says: "woken", tip: "How many of the others the last strike has woken." },
  {
    part: "vain",
    says: "woken for nothing",
    tip: "Those who were woken though the entry just before their own is still there: they cannot lead, and have nothing to do.",
  },
  {
    part: "reads",
    says: "reads",
    tip: "How often those who were woken have asked ZooKeeper for the whole list.",
  },
] as const;

function compare(): Markup {
  return html`<section class="compare" data-part="compare" aria-label="Compared">
<div class="figures"><figure><figcaption>The last failover, on one scale</figcaption><div data-part="bars"></div></figure>
<figure><figcaption>All failovers so far, on one scale: <i class="dot leadsAfter"></i> new leader, <i class="dot quietAfter"></i> all quiet again</figcaption><div data-part="strip"></div></figure></div>
</section>`;
}

function line(side: number, name: string, { schemes }: Powers): Markup {
  return html`<article class="line" data-part="line" aria-labelledby="line-${side}">
<div class="head"><div><h2 id="line-${side}"><label><span class="unseen">${name} election: </span><select data-part="scheme">${schemes.map(
    (scheme) => html`<option>${scheme}</option>`,
  )}</select></label></h2><p class="muted" data-part="watch"></p></div>
<dl class="counts">${counts.map(
    ({ part: name, says, tip }) =>
      html`<div class="${name}" tabindex="0" data-tip="${tip}"><dt>${says}</dt><dd><b data-part="${name}">0</b>${
        name === "woken" ? new Markup(' <small data-part="others"></small>') : null
      }</dd></div>`,
  )}</dl></div>
<div class="view" data-part="view"><div class="track" data-part="track"></div></div>
<p class="caption" data-part="caption"></p></article>`;
}

/** Shown if the ground tells of any. */
function servers({ acts }: Powers): Markup {
  const buttons = serverBlows.flatMap((blow) => {
    const { name, key, means } = serverBlowWords[blow];
    const button = html`<button type="button" data-act="${blow}" data-tip="The server ${means}.">${name} <kbd>${key}</kbd></button>`;
    return acts.includes(blow) ? button : [];
  });
  return html`<section class="ensemble" data-part="ensemble" aria-labelledby="ensemble" hidden>
<h2 id="ensemble">The servers of ZooKeeper <small class="muted">and whom each of them serves</small></h2>
<ol class="servers" data-part="servers"></ol>
${
  buttons.length === 0
    ? null
    : html`<div class="strikes" role="toolbar" aria-label="Strike a server"><p data-part="selected-server"></p>${buttons}</div>`
}
</section>`;
}

const next = html`<button type="button" data-act="next" class="first" data-tip="What was struck next, and what came of it.">Next strike <kbd>s</kbd></button>`;
const heal = html`<button type="button" data-act="heal" data-tip="Those who stand still or are cut off go on.">Heal <kbd>h</kbd></button>`;
const join = html`<button type="button" data-act="join" data-tip="One more joins both elections.">Add one <kbd>+</kbd></button>`;

function strikes({ acts }: Powers): Markup {
  const offered = blows.filter((blow) => acts.includes(blow));
  const buttons = offered.map((blow, index) => {
    const { name, key, means } = blowWords[blow];
    return html`<button type="button" data-act="${blow}"${index === 0 ? new Markup(' class="first"') : null} data-tip="The struck one ${means}.">${name} <kbd>${key}</kbd></button>`;
  });
  const selected = html`<p data-part="selected"${offered.length === 0 ? new Markup(" hidden") : null}>Strike the leader:</p>`;
  return html`<div class="strikes" role="toolbar" aria-label="Strike">${selected}${buttons}${acts.includes("next") ? next : null}
<span class="gap"></span>${acts.includes("heal") ? heal : null}${acts.includes("join") ? join : null}
<span class="queued" data-part="queued" role="status"></span></div>`;
}

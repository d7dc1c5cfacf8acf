/**
 * The live page: one file that needs nothing else. The script that it is given brings the ground: a model
 * (client/play.ts), or the connection to a real ensemble.
 */
import { schemeNames } from "../election/schemes.ts";
import { html, Markup } from "../report/markup.ts";
import { wholePage } from "../report/whole-page.ts";
import { blows } from "./ground.ts";
import { lessons } from "./lessons.ts";
import { liveStyle } from "./live-style.ts";
import { blowWords } from "./words.ts";

const TITLE = "Kill the leader. Who wakes up?";

/**
 * The whole document as text.
 * @param script the bundle of the page's script
 */
export function livePage({ script }: { readonly script: string }): string {
  return wholePage({
    title: TITLE,
    description: "Two ZooKeeper elections side by side: kill the leader, and see who wakes up.",
    style: liveStyle,
    script,
    body: html`<header>
<p class="kicker">zk-election-lab · ZooKeeper leader election, to play with</p>
<h1>${TITLE}</h1>
<p class="lede">Candidates stand in line, and the oldest leads. Each of the others sleeps until a <em>watch</em> wakes it. In two
elections the same candidates watch different things. Strike the same place in both, and see who wakes.</p>
<noscript><p class="warn">This page plays by its script, which does not run here.</p></noscript>
</header>
<main>
<section class="stage" aria-label="Two elections" data-part="stage">
${clock()}
${line(0, "First")}
${line(1, "Second")}
<div class="dock" data-part="dock">
<div class="story"><p data-part="story-text" aria-live="polite"></p>
<button type="button" data-part="story-next" class="first">Next <kbd>n</kbd></button>
<button type="button" data-part="story-end">Play on <kbd>p</kbd></button></div>
${strikes()}
</div>
${key()}
</section>
<section class="learn" aria-labelledby="learn"><h2 id="learn">Five things to see</h2>
<ol class="lessons">${lessons.map(
      ({ title, text }) => html`<li data-part="lesson"><h3>${title}</h3><p>${text}</p>
<p class="seen" hidden></p><button type="button">Step by step</button></li>`,
    )}</ol></section>
<section class="sums" aria-labelledby="sums"><h2 id="sums">So far</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Sums"><table><thead><tr><td></td><th scope="col" class="figure">failovers</th><th scope="col" class="figure">woken</th>
<th scope="col" class="figure">for nothing</th><th scope="col" class="figure">reads</th></tr></thead>
<tbody data-part="tally"></tbody></table></div></section>
<section class="told" aria-labelledby="told"><h2 id="told">What happened</h2>
<div class="log" data-part="log" role="log" aria-label="What happened, the latest first" tabindex="0"></div></section>
</main>
<footer><p>This is a model in virtual time, not a measurement: ZooKeeper, its sessions and the network are simulated here in the
page, and each message takes a plausible time. The code of the election is the real one, of the library that the lab measures.
The session timeout is 6 s, the tick 2 s. This file holds all that it shows and asks no network for anything.</p></footer>`,
  });
}

function clock(): Markup {
  return html`<div class="clock">
<p class="time"><span data-part="time">0 ms</span> <span class="muted" data-part="pace"></span></p>
<div class="controls">
<label>Slowed <select data-part="slower">${[100, 1000, 3000].map(
    (slower) =>
      html`<option value="${slower}"${slower === 1000 ? new Markup(" selected") : null}>× ${slower}</option>`,
  )}</select></label>
<button type="button" data-part="pause" aria-pressed="false">Pause <kbd>p</kbd></button>
<button type="button" data-part="step">Step <kbd>n</kbd></button>
<label class="slider">Candidates <input type="range" min="3" max="30" value="12" data-part="candidates"> <output data-part="candidates-said">12</output></label>
<button type="button" data-part="again">Start again</button>
</div></div>`;
}

/** What the looks of a box mean: where boxes are narrow, only some of them say it. */
const looks = {
  leads: "leads",
  woken: "woken, and asks",
  looks: "has the list",
  "again in-vain": "woken for nothing",
  "is-gone": "gone",
  dead: "dead, not yet noticed",
  frozen: "stands still",
  cut: "cut off",
  "believes frozen": "believes that it still leads",
};

function key(): Markup {
  return html`<p class="key"><span><b>c7</b> the znode in line, and below it the candidate's number</span><span>${new Markup(
    '<svg viewBox="0 0 26 13" aria-hidden="true"><path d="M24 12C24 0 4 0 4 8"/><path class="head" d="M4 13l-3-6h6z"/></svg>',
  )} a watch</span>${Object.entries(looks).map(
    ([look, means]) => html`<span><i class="box ${look}"></i> ${means}</span>`,
  )}</p>`;
}

function line(side: number, name: string): Markup {
  return html`<article class="line" data-part="line" aria-labelledby="line-${side}">
<div class="head"><div><h2 id="line-${side}"><label><span class="unseen">${name} election: </span><select data-part="scheme">${schemeNames.map(
    (scheme) => html`<option>${scheme}</option>`,
  )}</select></label></h2><p class="muted" data-part="watch"></p></div>
<dl class="counts"><div class="woken"><dt>woken</dt><dd><b data-part="woken">0</b> <small data-part="others"></small></dd></div>
<div class="vain"><dt>for nothing</dt><dd><b data-part="vain">0</b></dd></div>
<div><dt>reads</dt><dd><b data-part="reads">0</b></dd></div></dl></div>
<div class="view" data-part="view"><div class="track" data-part="track"></div></div>
<p class="caption" data-part="caption"></p></article>`;
}

function strikes(): Markup {
  const buttons = blows.map((blow) => {
    const { name, key, means } = blowWords[blow];
    return html`<button type="button" data-act="${blow}"${blow === "kill" ? new Markup(' class="first"') : null} title="It ${means}.">${name} <kbd>${key}</kbd></button>`;
  });
  return html`<div class="strikes" role="toolbar" aria-label="Strike"><p data-part="selected">Strike the leader:</p>${buttons}
<span class="gap"></span><button type="button" data-act="heal" title="Those who stand still or are cut off go on.">Heal <kbd>h</kbd></button>
<button type="button" data-act="join" title="One more joins both elections.">Add one <kbd>+</kbd></button>
<span class="queued" data-part="queued" role="status"></span></div>`;
}

/**
 * The timeline's section of the page: controls and canvas for client/timeline.ts, hidden until that has
 * started, and the still picture, which stays if there is no JavaScript.
 */
import { lostHistories } from "../../export/lost-histories.ts";
import { keptEvents } from "../data-scripts.ts";
import { headingOf } from "../heading.ts";
import { html, type Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { spanOf } from "./strike-spans.ts";
import { stillFigures } from "./timeline-figure.ts";

export function timelineSection(runs: readonly ReportRun[]): Markup {
  return html`<section class="timeline" id="timeline">
${headingOf("timeline", "Timeline")}
<p>A lane per candidate${serversKnown(runs) ? ", and above them one per server" : ""}, all on one clock. ${completeness(runs)}</p>
<div class="timeline-live" data-part="live" hidden>
<div class="timeline-controls">
<label>Trial <select data-part="trial"></select></label>
<label data-part="beside" hidden>below it <select data-part="other"></select></label>
<span class="timeline-group">
<button type="button" data-part="previous">Previous failover</button>
<button type="button" data-part="next">Next failover</button>
<button type="button" data-part="violation">First violation</button>
<button type="button" data-part="whole">Whole trial</button>
</span>
<span class="timeline-group">
<button type="button" data-part="out" aria-label="Zoom out">−</button>
<button type="button" data-part="in" aria-label="Zoom in">+</button>
<button type="button" data-part="fit">Fit</button>
</span>
<label><input type="checkbox" data-part="asleep"> also those not woken</label>
<label><input type="checkbox" data-part="tall"> tall lanes</label>
</div>
${panel("above")}
${panel("below")}
<ul class="timeline-legend">
<li><i class="key-term" data-part="term-key"></i> leads (a term)</li>
<li><i class="key-notified"></i> notified</li>
<li><i class="key-read"></i> reads the list</li>
<li><i class="key-claimed"></i> claims</li>
<li><i class="key-armed"></i> watch armed: waits</li>
<li><i class="key-fault"></i> fault until all have settled</li>
${lasting(runs) ? html`<li><i class="key-lasts"></i> a fault that lasts, on those that it holds</li>` : null}
${leases(runs) ? html`<li><i class="key-lapsed" data-part="lapsed-key"></i> still believes; its lease has run out</li>` : null}
<li><i class="key-wrote"></i> a heartbeat of a leader or its heir${counters(runs) ? ", or a write to the counter" : ""}</li>
${counters(runs) ? counterKeys : null}
${warmUps(runs) ? html`<li><i class="key-warm-up"></i> a warm-up, not counted</li>` : null}
${serversKnown(runs) ? serverKeys : null}
</ul>
<p class="timeline-keys" id="timeline-keys">Drag to pan; wheel or pinch to zoom. Keys: <kbd>←</kbd> <kbd>→</kbd> pan, <kbd>↑</kbd> <kbd>↓</kbd> scroll, <kbd>+</kbd> <kbd>−</kbd> zoom, <kbd>n</kbd> <kbd>p</kbd> next and previous failover, <kbd>,</kbd> <kbd>.</kbd> event by event, <kbd>o</kbd> those not woken, <kbd>0</kbd> whole trial. Where the axis has //, a wait is left out, and it counts anew.</p>
</div>
<div class="timeline-static">
${stillFigures(runs)}
<p class="timeline-without">The other failovers, zooming and single events need JavaScript.</p>
</div>
</section>`;
}

/** A trial's sentence and its picture; only the upper one has an axis, which is that of both. */
function panel(name: "above" | "below"): Markup {
  return html`<div class="timeline-panel" data-part="${name}" hidden>
<p class="timeline-summary" data-part="summary" id="timeline-${name}" role="status" aria-live="polite"></p>
<div class="timeline-stage">
<canvas data-part="canvas" tabindex="0" role="application" aria-label="Timeline of the trial" aria-describedby="timeline-${name} timeline-keys"></canvas>
<div class="tip" data-part="tip" hidden></div>
<div class="timeline-notice" data-part="notice" hidden>Click the timeline first, or hold Ctrl, to zoom with the wheel.</div>
</div>
</div>`;
}

const counterKeys = html`<li><i class="key-refused"></i> an old leader's write, refused</li>
<li><i class="key-harm"></i> accepted over its successor's</li>`;

/** Roles are looked at between failovers, so the moment of a change within one is not known. */
const serverKeys = html`<li><i class="key-server-leads"></i> the servers' leader, as seen between failovers</li>
<li><i class="key-server-follows"></i> follows it</li>
<li><i class="key-server-down"></i> killed</li>
<li><i class="key-server-paused"></i> stands still, or is cut off from the others</li>`;

function serversKnown(runs: readonly ReportRun[]): boolean {
  return runs.some(({ histories }) =>
    histories.some(({ observations }) => (observations?.roles ?? []).length > 0),
  );
}

function lasting(runs: readonly ReportRun[]): boolean {
  return runs.some(({ histories }) =>
    histories.some(({ strikes }) => strikes.some((strike) => spanOf(strike) !== null)),
  );
}

function counters(runs: readonly ReportRun[]): boolean {
  return runs.some(({ histories }) => histories.some(({ header }) => header.counter !== "none"));
}

function leases(runs: readonly ReportRun[]): boolean {
  return runs.some(({ histories }) =>
    histories.some(({ events }) => events.some(({ type }) => type === "leased")),
  );
}

function warmUps(runs: readonly ReportRun[]): boolean {
  return runs.some(({ histories }) =>
    histories.some(({ strikes }) => strikes.some(({ failover }) => failover === 0)),
  );
}

/** More trials that are cut would be a list that nobody reads. */
const MOST_NAMED = 5;

/** Says whether the page holds everything, and what it lacks. */
function completeness(runs: readonly ReportRun[]): string {
  const lost = runs.flatMap((run) => {
    const what = lostHistories(run);
    return what === undefined ? [] : `${run.name} ${what}.`;
  });
  const trials = runs.flatMap((run) =>
    keptEvents(run, runs.length).map(({ history, kept, isCut }) => {
      const { header, events } = history;
      const name = `trial ${header.trial} of ${run.name} (${header.scheme}, ${header.candidates} candidates)`;
      const some = `${kept.length.toLocaleString("en")} of ${events.length.toLocaleString("en")} events`;
      return { isWhole: kept.length === events.length, isCut, words: `${name} with ${some}` };
    }),
  );
  if (trials.every(({ isWhole }) => isWhole))
    return lost.length > 0 ? lost.join(" ") : "Every event that was recorded is here.";
  const cut = trials.filter(({ isCut }) => isCut).map(({ words }) => words);
  const beginning = cut.length > MOST_NAMED ? `${cut.length} of ${trials.length} trials` : cut.join("; ");
  const sentences = [
    ...lost,
    trials.some(({ isWhole, isCut }) => !isWhole && !isCut)
      ? "Candidates joined and left several times, to be measured: the page shows them from when they stayed to the last failover."
      : [],
    cut.length > 0 ? `To keep the page small, it shows only the beginning of ${beginning}.` : [],
    "The rest is in history.jsonl.gz.",
  ];
  return sentences.flat().join(" ");
}

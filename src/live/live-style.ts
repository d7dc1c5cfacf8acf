/** The live page's style. Every state of a box has a colour, a shape and a word. */
import { declared } from "../report/palette.ts";

export const liveStyle = `
:root { color-scheme: light dark; ${declared("light")} }
@media screen and (prefers-color-scheme: dark) { :root { ${declared("dark")} } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: break-word; }
body > header, main, body > footer { max-width: 74rem; margin: 0 auto; padding: 0 24px; }
body > header { padding-top: 2rem; }
h1, h2, h3 { line-height: 1.2; font-weight: 650; letter-spacing: -.011em; text-wrap: balance; }
h1 { font-size: clamp(1.6rem, 1.1rem + 2vw, 2.4rem); margin: 0 0 .6rem; }
h2 { font-size: 1.15rem; margin: 0; }
h3 { font-size: .98rem; margin: 0 0 .25rem; }
p { margin: .3rem 0; max-width: 46rem; }
.kicker, .muted, footer { color: var(--muted); font-size: .88rem; }
.kicker { margin: 0 0 .4rem; }
.warn { color: var(--warn); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
button, select { font: inherit; font-size: .88rem; color: var(--ink); background: var(--paper); border: 1px solid var(--muted); border-radius: 5px; min-height: 2.1rem; padding: .15rem .7rem; cursor: pointer; }
button:hover:not(:disabled, .box, .server) { border-color: var(--ink); background: var(--raised); }
button:disabled { cursor: default; } button:disabled:not(.box) { color: var(--muted); border-style: dashed; }
button[aria-pressed="true"]:not(.box, .server) { background: var(--band); }
button.first { background: var(--ink); color: var(--paper); border-color: var(--ink); }
button.first:hover { background: var(--ink); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
kbd { font: .78em ui-monospace, "SF Mono", Menlo, Consolas, monospace; color: inherit; border: 1px solid currentColor; border-radius: 3px; padding: 0 .3em; margin-left: .25em; opacity: .75; }
.stage { display: flex; flex-direction: column; scroll-margin-top: .5rem; }
.clock { display: flex; flex-wrap: wrap; gap: .4rem 1.5rem; justify-content: space-between; align-items: center; margin: 1.3rem 0 .7rem; }
.controls { display: flex; flex-wrap: wrap; gap: .5rem .8rem; align-items: center; font-size: .88rem; }
.controls label { display: inline-flex; gap: .4rem; align-items: center; color: var(--muted); }
.slider input { accent-color: var(--accent); width: 8rem; min-height: 1.6rem; }
.slider output { min-width: 1.4em; color: var(--ink); font-variant-numeric: tabular-nums; }
.time { font-variant-numeric: tabular-nums; margin: 0; min-height: 1.6rem; }
.time > :first-child { font-weight: 650; }
.line { border: 1px solid var(--line); border-radius: 10px; padding: .9rem 1.1rem .7rem; margin: 0 0 .9rem; background: var(--raised); }
.head { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; justify-content: space-between; align-items: start; }
.head p { margin: .15rem 0 0; }
.head select { font-weight: 650; font-size: 1.02rem; border-color: transparent transparent var(--mine); border-radius: 0; background: transparent; padding: 0 .2rem; color: var(--ink); border-width: 0 0 3px; }
.head option { background: var(--paper); color: var(--ink); }
.counts { display: flex; gap: 1.6rem; margin: 0; text-align: right; }
.counts div { display: flex; flex-direction: column; }
.counts dt { color: var(--muted); font-size: .82rem; }
.counts dd { margin: 0; font-variant-numeric: tabular-nums; white-space: nowrap; }
.counts b { font-size: 1.9rem; line-height: 1; font-weight: 650; }
.counts small { color: var(--muted); }
.woken.is-lit b { color: var(--warn); } .vain.is-lit b { color: var(--bad); }
.view { overflow-x: auto; margin: 0 -8px; }
.track { position: relative; height: calc(var(--rise, 118px) + 68px); margin: .2rem 8px .1rem; }
.track.is-narrow { height: calc(var(--rise, 118px) + 78px); }
.arrows { position: absolute; left: 0; top: 0; display: block; overflow: visible; }
.arrow .way { fill: none; stroke: var(--muted); stroke-width: 1.3; }
.arrow .head { fill: var(--muted); }
.arrow.fired .way { stroke: var(--notification); stroke-width: 2.6; } .arrow.fired .head { fill: var(--notification); }
.arrow.again .way { stroke: var(--accent); stroke-width: 1.8; } .arrow.again .head { fill: var(--accent); }
.arrow.bundle .way { stroke-width: 1; opacity: .75; } .arrow.bundle.fired .way { stroke-width: 1.6; opacity: 1; }
.boxes { list-style: none; margin: 0; padding: 0; }
.boxes li { position: absolute; left: 0; top: var(--rise, 118px); width: var(--box); text-align: center; }
.boxes .fold { width: auto; }
.cells { display: grid; grid-auto-flow: column; grid-template-rows: repeat(var(--rows), var(--cell)); grid-auto-columns: var(--cell); cursor: pointer; }
.cells i { margin: 0 1px 1px 0; border-radius: 2px; background: var(--paper); box-shadow: inset 0 0 0 1px color-mix(in srgb, var(--muted) 55%, transparent); }
.cells .woken { background: var(--notification); box-shadow: inset 0 0 0 1px var(--warn); }
.cells .looks { background: color-mix(in srgb, var(--notification) 45%, var(--paper)); box-shadow: inset 0 0 0 1px var(--warn); }
.cells .again { background: var(--paper); box-shadow: inset 0 0 0 1px var(--accent); }
.cells .again.in-vain { background: color-mix(in srgb, var(--bad) 30%, var(--paper)); box-shadow: inset 0 0 0 1px var(--bad); }
.cells .unsure { background: var(--band); } .cells .is-gone { background: transparent; box-shadow: inset 0 0 0 1px var(--bad); opacity: .5; }
.folded { font-size: .88rem; color: var(--muted); margin: -.3rem 0 .8rem; max-width: none; }
.box { position: relative; display: flex; flex-direction: column; align-items: center; justify-content: center; width: 100%; height: 44px; min-height: 0; padding: 0; line-height: 1.1; border: 1.5px solid var(--muted); border-radius: 8px; background: var(--paper); }
.box b { font-size: .92rem; font-weight: 650; } .box small { font-size: .72rem; color: var(--muted); }
.is-narrow .box b { font-size: .74rem; letter-spacing: -.03em; } .is-narrow .box small { font-size: .64rem; }
.is-folded .box { border-radius: 6px; } .is-folded .box b { font-size: .66rem; } .is-folded .box small { font-size: .62rem; }
.box .crown { display: none; width: 14px; height: 11px; }
.box.leads .crown, .box.believes .crown { display: block; }
.crown path { fill: currentColor; }
.box.believes .crown path { fill: var(--bad); }
.box.leads { background: var(--good); border-color: var(--good); color: var(--paper); } .box.leads small { color: inherit; }
.box.woken { background: var(--notification); border-color: var(--warn); border-width: 2.5px; color: #1d1d1b; } .box.woken small { color: inherit; }
.box.looks { border-color: var(--warn); border-width: 2.5px; border-style: dotted; background: color-mix(in srgb, var(--notification) 28%, var(--paper)); } .box.looks small { color: inherit; }
.box.again { border-color: var(--accent); border-width: 2px; }
.box.again.in-vain { border-color: var(--bad); background: repeating-linear-gradient(135deg, transparent 0 5px, color-mix(in srgb, var(--bad) 22%, transparent) 5px 7px), var(--paper); }
.box.frozen { border: 2.5px dashed var(--accent); border-radius: 2px; background: color-mix(in srgb, var(--accent) 14%, var(--paper)); color: var(--ink); } .box.frozen small { color: inherit; }
.box.cut { border: 2.5px dotted var(--muted); border-radius: 2px 14px; background: var(--band); color: var(--ink); } .box.cut small { color: inherit; }
.box.dead { border: 2px solid var(--bad); border-radius: 0; color: var(--ink); background: linear-gradient(to top right, transparent 48.5%, var(--bad) 48.5% 51.5%, transparent 51.5%), var(--paper); }
.box.believes { border: 2.5px dashed var(--bad); }
.box.is-gone:not(.believes) { border-style: dashed; border-color: var(--bad); background: transparent; color: var(--muted); }
.box.is-gone:not(.believes) b { text-decoration: line-through; }
.box[aria-pressed="true"]::after { content: ""; position: absolute; inset: -5px; border: 2px solid var(--ink); border-radius: 11px; pointer-events: none; }
.word { display: block; font-size: .72rem; line-height: 1.1; margin: 8px -6px 0; color: var(--ink); }
.is-narrow .word { font-size: .58rem; white-space: nowrap; margin-inline: -12px; }
.is-tight :is(.woken, .looks, .again) + .word { display: none; }
.is-narrow .believes + .word { margin-top: 19px; }
.lease { position: absolute; left: 0; right: 0; bottom: -5px; top: 46px; height: 4px; background: var(--band); border-radius: 2px; overflow: hidden; }
.lease::before { content: ""; position: absolute; inset: 0; background: var(--good); transform-origin: left; transform: scaleX(var(--left, 0)); }
.list { position: absolute; left: 0; top: var(--rise, 118px); width: var(--box); height: 44px; border: 1.5px dashed var(--muted); border-radius: 8px; display: grid; place-items: center; font-size: .78rem; color: var(--muted); }
.caption { min-height: 1.5em; margin: .1rem 0 0; font-size: .95rem; max-width: none; }
.counts { align-items: end; } .counts .vain b { font-size: 2.9rem; } .counts div:focus-visible { outline-offset: 4px; border-radius: 4px; }
.lede { max-width: 64rem; }
.guide { max-width: none; min-height: 3em; margin: 0 0 .7rem; padding-left: .9rem; border-left: 4px solid var(--accent); } .guide.is-moral { border-color: var(--bad); }
.compare { margin: 0 0 .8rem; } .figures { display: grid; grid-template-columns: 1fr 1fr; gap: .4rem 2.4rem; }
figure { margin: 0; min-width: 0; } figcaption { font-size: .88rem; font-weight: 650; margin-bottom: .4rem; }
.row { display: grid; grid-template-columns: 7rem 1fr; gap: .5rem; align-items: center; } .row b { font-size: .82rem; border-left: 3px solid var(--mine); padding-left: .45rem; line-height: 1.2; }
.bar, .dots { position: relative; height: 1.15rem; background: var(--band); border-radius: 3px; } .dots { height: 1.5rem; background: var(--raised); box-shadow: inset 0 -1px var(--line); }
.part { position: absolute; top: 0; bottom: 0; min-width: 2px; }
.part.is-woken, .marks .is-woken::before { background: var(--notification); } .part.is-looked, .marks .is-looked::before { background: var(--takeover); }
.part.is-leads, .marks .is-leads::before { background: var(--good); } .part.is-quiet, .marks .is-quiet::before { background: repeating-linear-gradient(135deg, var(--bad) 0 2px, transparent 2px 5px), color-mix(in srgb, var(--bad) 18%, var(--paper)); }
.part.is-overlap { top: auto; height: .4rem; background: var(--bad); outline: 1px solid var(--paper); } .marks .is-overlap::before { background: var(--bad); } .marks .is-overlap { color: var(--bad); font-weight: 650; }
.marks { display: flex; flex-wrap: wrap; gap: 0 .8rem; font-size: .8rem; line-height: 1.45; color: var(--muted); margin: .1rem 0 .45rem 7.5rem; max-width: none; min-height: 1.45em; font-variant-numeric: tabular-nums; }
.marks [class]::before { content: ""; display: inline-block; width: .6rem; height: .6rem; margin-right: .3rem; border-radius: 1px; }
.axis div { position: relative; height: 1.2rem; grid-column: 2; border-top: 1px solid var(--muted); } .axis div:empty { border: 0; } .axis div span { position: absolute; top: 0; font-size: .75rem; color: var(--muted); padding-left: .25rem; border-left: 1px solid var(--muted); white-space: nowrap; line-height: 1.1; }
.dot { position: absolute; width: 9px; height: 9px; margin: -4.5px 0 0 -4.5px; border-radius: 50%; background: var(--mine); } .dot.quietAfter { background: transparent; border: 2px solid var(--mine); }
figcaption .dot { position: static; display: inline-block; margin: 0; --mine: var(--muted); } .median { position: absolute; top: -2px; bottom: -2px; width: 2px; margin-left: -1px; background: var(--ink); } .median.quietAfter { background: none; border-left: 2px dotted var(--ink); }
.tip { position: fixed; z-index: 9; max-width: min(21rem, calc(100vw - 16px)); padding: .45rem .7rem; border-radius: 6px; background: var(--ink); color: var(--paper); font-size: .84rem; line-height: 1.4; pointer-events: none; }
.ensemble { margin: 0 0 .9rem; }
.ensemble h2 { font-size: 1rem; } .ensemble h2 small { font-weight: 400; margin-left: .4rem; }
.servers { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr)); gap: .7rem; padding: 0; margin: .6rem 0; }
.server { position: relative; display: block; width: 100%; height: 100%; text-align: left; padding: .5rem .8rem .6rem; border-radius: 8px; border-width: 1.5px; line-height: 1.35; background: var(--raised); }
.server small { float: right; color: var(--muted); } .server span { display: block; font-size: .82rem; padding-left: .5rem; border-left: 3px solid var(--mine); margin-top: .3rem; overflow-wrap: anywhere; }
.server.is-leads { border-color: var(--good); } .server.is-leads small { color: var(--good); font-weight: 650; }
.server.is-away { border: 1.5px dashed var(--bad); color: var(--muted); } .server.is-away small { color: var(--bad); }
.server[aria-pressed="true"]::after { content: ""; position: absolute; inset: -5px; border: 2px solid var(--ink); border-radius: 11px; pointer-events: none; }
.dock { position: sticky; bottom: 0; padding: .6rem 0; background: var(--paper); border-top: 1px solid var(--line); z-index: 2; }
.strikes, .story { display: flex; flex-wrap: wrap; gap: .45rem; align-items: center; }
.dock:not(.is-story) .story, .is-story .strikes { display: none; }
.strikes p { margin: 0 .4rem 0 0; font-weight: 650; min-width: 9.5rem; }
.strikes .gap { flex: 1; }
.queued { font-size: .88rem; color: var(--warn); min-width: 5rem; }
.queued:empty { display: none; }
.story p { font-size: 1.02rem; margin: 0; flex: 1 1 20rem; max-width: none; min-height: 3em; border-left: 4px solid var(--accent); padding-left: .9rem; display: flex; align-items: center; }
.key { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; font-size: .82rem; color: var(--muted); margin: .5rem 0 0; max-width: none; }
.key span { display: inline-flex; gap: .4rem; align-items: center; } .key i.box { width: 1.3rem; height: 1rem; border-radius: 4px; flex: none; }
.key i.frozen, .key i.dead { border-radius: 1px; } .key svg { width: 26px; height: 13px; fill: none; stroke: var(--muted); } .key .head { fill: var(--muted); stroke: none; }
.learn { margin-top: 1.6rem; }
.lessons { list-style: none; padding: 0; margin: .8rem 0 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr)); gap: .9rem; counter-reset: lesson; }
.lessons li { counter-increment: lesson; border: 1px solid var(--line); border-radius: 10px; padding: .8rem .9rem .9rem; display: flex; flex-direction: column; position: relative; }
.lessons h3 { padding-right: 1.6rem; }
.lessons h3::before { content: counter(lesson) ". "; color: var(--muted); }
.lessons p { font-size: .88rem; }
.lessons button { margin-top: auto; align-self: start; }
.lessons .seen { color: var(--good); font-weight: 650; margin-bottom: .5rem; }
.lessons .is-seen { border-color: var(--good); }
.lessons .is-seen::after { content: "✓"; position: absolute; right: .8rem; top: .55rem; color: var(--good); font-weight: 700; font-size: 1.15rem; }
.sums, .told { margin-top: 1.8rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; margin-top: .4rem; }
th, td { padding: .25rem 1.6rem .25rem 0; text-align: left; } thead th { font-weight: 600; color: var(--muted); border-bottom: 1px solid var(--line); }
.figure { text-align: right; }
.log { padding: 0; margin: .5rem 0 0; list-style: none; max-height: 17rem; overflow-y: auto; font-size: .92rem; }
.log:empty::before { content: "Nobody has been struck yet."; color: var(--muted); }
.log p { margin: 0; padding: .3rem 0; border-bottom: 1px solid var(--line); max-width: 60rem; }
.log b { color: var(--muted); font-weight: 600; }
body > footer { padding-top: 1.6rem; padding-bottom: 3rem; }
@media (min-width: 1100px) {
  .lessons { grid-template-columns: repeat(5, 1fr); }
}
@media (max-width: 900px) { .figures { grid-template-columns: 1fr; } }
@media (max-width: 640px) {
  body > header, main, body > footer { padding-left: 16px; padding-right: 16px; }
  body > header { padding-top: 1.2rem; }
  .line { padding: .7rem .7rem .5rem; }
  .counts { gap: 1.1rem; width: 100%; justify-content: space-between; text-align: left; } .counts b { font-size: 1.6rem; }
  kbd { display: none; }
  .clock { display: contents; }
  .line { order: -3; } .time { order: -4; } .guide { order: -2; min-height: 0; } .guide.is-first { order: -4; margin: .3rem 0 .6rem; }
  .stage:has(.is-story) .guide { display: none; }
  .counts .vain b { font-size: 2.1rem; } .track.is-narrow { height: calc(var(--rise, 118px) + 70px); }
  .row { grid-template-columns: 1fr; gap: .2rem; } .axis div { grid-column: 1; } .marks { margin-left: 0; }
  .key { order: 2; } .controls { order: 1; margin: .8rem 0; }
  .dock { padding: .4rem 0; } .strikes { gap: .35rem; justify-content: space-between; }
  .caption { min-height: 3em; line-height: 1.4; font-size: .9rem; } th, td { padding-right: .8rem; }
  .story p { flex-basis: 100%; min-height: 4.5em; }
  .stage:has(.is-story) .caption { display: none; }
  .strikes p { order: -3; flex: 1; min-width: 7rem; } .strikes .queued { order: -2; min-width: 0; }
  .strikes button { padding: .15rem .55rem; min-height: 2.3rem; } .strikes [data-act="heal"], .strikes [data-act="join"] { order: -1; }
  .strikes .gap { order: 0; flex-basis: 100%; height: 0; } .ensemble .strikes { justify-content: start; } .ensemble .strikes p { flex-basis: 100%; }
  .strikes [data-act]:not([data-act="heal"], [data-act="join"]) { order: 1; }
  .line { margin-bottom: .6rem; }
}
@media (prefers-reduced-motion: no-preference) {
  .boxes li { transition: transform .5s ease; }
  .arrow:not(.bundle) path { transition: d .5s ease; }
  .box { transition: background-color .15s, border-color .15s, color .15s; }
  .arrow.fired:not(.bundle) .way { stroke-dasharray: 1; animation: fire .35s ease-out; }
  .arrow.again:not(.bundle) .way { stroke-dasharray: 1; animation: fire-back .4s ease-out; }
  .box.woken { animation: wake .3s ease-out; }
  @keyframes fire { from { stroke-dashoffset: -1; } to { stroke-dashoffset: 0; } }
  @keyframes fire-back { from { stroke-dashoffset: 1; } to { stroke-dashoffset: 0; } }
  @keyframes wake { 40% { transform: translateY(-4px); } }
}
`;

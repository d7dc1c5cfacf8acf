/** The page's style: text in a module, so that the bundle and the tests load it alike. */
import { declared } from "./palette.ts";

export const style = `
:root { color-scheme: light dark; ${declared("light")} }
@media screen and (prefers-color-scheme: dark) { :root { ${declared("dark")} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: auto; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: break-word;
}
body > header, main, body > footer, body > nav { max-width: 60rem; margin: 0 auto; padding: 0 20px; }
body > header { padding-top: 3rem; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; font-weight: 650; letter-spacing: -0.011em; }
h1 { font-size: clamp(1.5rem, 1.1rem + 2vw, 2.3rem); margin: 0 0 1rem; max-width: 26em; }
h2 { font-size: 1.3rem; margin: 3.2rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 2.2rem 0 .3rem; }
.anchor { color: var(--muted); font-weight: 400; font-size: .8em; text-decoration: none; }
p, figcaption, li, dd { max-width: 44rem; }
p { margin: .4rem 0; }
a { color: var(--accent); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible, button:focus-visible, [tabindex]:focus-visible {
  outline: 2px solid var(--accent); outline-offset: 2px;
}
.kicker, .about, footer { color: var(--muted); font-size: .9rem; }
.kicker { margin: 0 0 .5rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; margin: 1.2rem 0 0; font-size: .9rem; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } .warn { color: var(--warn); }
code, pre { font: .86em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { background: var(--raised); padding: .7rem .9rem; margin: .5rem 0; white-space: pre-wrap; overflow-wrap: anywhere; border-radius: 3px; }
.scroll { overflow-x: auto; margin: .6rem 0; position: relative; }
table { border-collapse: collapse; font-size: .84rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); padding-bottom: .3rem; }
th, td { padding: .24rem .95rem .24rem 0; text-align: left; white-space: nowrap; vertical-align: baseline; }
th { font-weight: 600; border-bottom: 1px solid var(--muted); vertical-align: bottom; }
tbody tr { border-bottom: 1px solid var(--line); }
tbody th { border-bottom: 0; }
.figure { text-align: right; }
td.long { white-space: normal; min-width: 11rem; }
tbody th.group { padding-top: .9rem; color: var(--muted); font-weight: 400; }
@media screen and (max-width: 52rem) {
  .cards table, .cards tbody, .cards td, .cards th.group { display: block; }
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards tr:has(td) { display: grid; grid-template-columns: repeat(auto-fill, minmax(4.9rem, 1fr)); gap: .5rem .3rem;
    margin: .5rem 0; padding: .6rem .7rem; border: 1px solid var(--line); border-radius: 6px; }
  .cards tr:has(th) { border: 0; }
  .cards th.group { color: var(--ink); font-weight: 600; white-space: normal; }
  .cards td { padding: 0; text-align: left; white-space: normal; }
  .cards td.long { grid-column: 1 / -1; min-width: 0; }
  .cards td:not(.long)::before { content: attr(data-title); display: block; color: var(--muted); font-size: .92em; }
}
.scheme svg { width: .8em; height: .8em; margin-right: .45em; }
.watches { display: block; color: var(--muted); }
.thresholds { list-style: none; padding: 0; margin: .4rem 0; }
details { margin: .5rem 0; }
summary .trust { color: var(--muted); margin-left: .4rem; }
summary { cursor: pointer; color: var(--accent); font-size: .9rem; width: fit-content; padding: .25rem 0; }
figure.chart { margin: 2.4rem 0 1.4rem; break-inside: avoid; }
figure.chart h3 { margin: 0 0 .2rem; }
figcaption { color: var(--muted); font-size: .9rem; }
.drawing { position: relative; margin-top: .9rem; }
.drawing svg { display: block; width: 100%; height: auto; }
.drawing text { dominant-baseline: central; font-size: 12px; }
.drawing .narrow { display: none; max-width: 28rem; }
.drawing.opens { cursor: pointer; }
.drawing .told { outline: 2px solid var(--ink); outline-offset: 1px; }
@media screen and (max-width: 46rem) { .drawing .wide { display: none; } .drawing .narrow { display: block; } }
.tip { position: absolute; z-index: 1; max-width: 260px; padding: 6px 10px; pointer-events: none;
  font-size: 13px; line-height: 1.4; color: var(--ink); background: var(--paper); border: 1px solid var(--muted);
  border-radius: 6px; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.tip b { display: block; }
.tip span { display: block; color: var(--muted); }
.key { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; padding: 0; margin: .5rem 0 0; font-size: .86rem; }
.key svg { width: .8em; height: .8em; margin-right: .4em; }
.key .stroke { width: 1.8em; }
.downloads { display: flex; flex-wrap: wrap; gap: .5rem; } .downloads:empty { display: none; }
.downloads button { font: inherit; font-size: .9rem; color: var(--ink); background: var(--paper); border: 1px solid var(--line);
  border-radius: 6px; padding: 5px 10px; min-height: 32px; cursor: pointer; }
.downloads button:hover { border-color: var(--muted); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; font-size: .9rem; margin: .6rem 0; }
dt { color: var(--muted); } dd { margin: 0; min-width: 0; }
.remarks { padding-left: 1.1rem; } .remarks li { margin: .3rem 0; }
body > footer { padding-top: 2rem; padding-bottom: 3rem; }
@media (max-width: 480px) {
  body > header { padding-top: 1.6rem; }
  body > header, main, body > footer, body > nav { padding-left: 16px; padding-right: 16px; }
  dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; }
}
@media print {
  @page { margin: 14mm; }
  body { font-size: 10pt; }
  body > nav, .tip, .downloads, .anchor { display: none; }
  details::details-content { content-visibility: visible; }
  .scroll { overflow: visible; } table { font-size: 7.5pt; } th, td { padding-right: .6rem; white-space: normal; }
  h2, h3 { break-after: avoid; } tr { break-inside: avoid; }
  a { color: inherit; }
}
`;

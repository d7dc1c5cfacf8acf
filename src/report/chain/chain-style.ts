/** The style of the chain. Colours are the page's custom properties. */
export const chainStyle = `
.chain-live { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; margin: 12px 0; font-size: 14px; }
.chain-live[hidden] { display: none; }
.chain-live label { display: inline-flex; gap: 6px; align-items: center; color: var(--muted); }
.chain-live select { max-width: 78vw; }
.chain-steps { display: inline-flex; flex-wrap: wrap; gap: 6px; }
.chain-move { display: inline-flex; gap: 6px; }
.chain-steps button[aria-current="step"] { border-color: var(--accent); box-shadow: inset 0 -2px 0 var(--accent); font-weight: 600; }
.chain-figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 24px 40px; }
.chain figure { margin: 8px 0; max-width: 480px; }
.chain figcaption { color: var(--muted); font-size: 13px; line-height: 1.45; }
.chain figcaption b { color: var(--ink); font-size: 15px; }
.chain .chain-says { min-height: 3em; margin: 8px 0; }
.chain ol { padding-left: 1.4em; font-size: 14px; }
.chain svg { display: block; width: 100%; height: auto; font: 13px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.chain .box { fill: var(--paper); stroke: var(--muted); stroke-width: 1.2; }
.chain .box.leader { fill: var(--good); stroke: var(--good); }
.chain .box.gone { stroke: var(--bad); stroke-dasharray: 4 3; }
.chain .box.notified { stroke: var(--warn); stroke-width: 2.4; }
.chain .box.reading { stroke: var(--warn); stroke-width: 1.4; }
.chain .box.list { stroke-dasharray: 2 2; }
.chain .name { text-anchor: middle; fill: var(--ink); font-weight: 600; }
.chain .name.leader { fill: var(--paper); }
.chain .name.gone { fill: var(--muted); text-decoration: line-through; }
.chain .cut { fill: none; stroke: var(--bad); stroke-width: 1.6; }
.chain .more { text-anchor: middle; fill: var(--muted); }
.chain .note { fill: var(--muted); }
.chain .note.leader { fill: var(--good); font-weight: 600; }
.chain .note.gone, .chain .note.cut-off { fill: var(--bad); }
.chain .note.notified, .chain .note.reading { fill: var(--ink); }
.chain .arrow { fill: none; stroke: var(--muted); stroke-width: 1.3; }
.chain .arrow.tip { fill: var(--muted); stroke: none; }
.chain .arrow.fired { stroke: var(--warn); stroke-width: 2.4; }
.chain .arrow.fired.tip { fill: var(--warn); stroke: none; }
.chain .arrow.again { stroke: var(--accent); stroke-width: 1.8; }
.chain .arrow.again.tip { fill: var(--accent); stroke: none; }
@media (prefers-reduced-motion: no-preference) {
  .chain.is-live svg .fired, .chain.is-live svg .again { animation: chain-appear .45s ease-out; }
  @keyframes chain-appear { from { opacity: 0; } }
}
@media print { .chain .chain-live { display: none; } .chain figure { break-inside: avoid; } }
`;

/** The style of the chain. Colours are the page's custom properties. */
export const chainStyle = `
.chain-live { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center;
  margin: 8px 0; padding: 6px 0; font-size: 14px; background: var(--paper); }
.chain-live[hidden], .chain-choice[hidden] { display: none; }
.chain-choice { display: inline-flex; gap: 6px; align-items: center; margin-top: 8px; font-size: 14px; color: var(--muted); }
.chain-choice select { max-width: 78vw; }
.chain-steps, .chain-move { display: inline-flex; flex-wrap: wrap; gap: 6px; }
.chain-steps button[aria-current="step"] { border-color: var(--accent); box-shadow: inset 0 -2px 0 var(--accent); font-weight: 600; }
.chain-figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 205px), 1fr)); gap: 16px 28px; }
.chain figure { margin: 8px 0; max-width: 360px; }
.chain figcaption { color: var(--muted); font-size: 13px; line-height: 1.45; margin-bottom: 6px; }
.chain figcaption b { color: var(--ink); font-size: 15px; overflow-wrap: anywhere; }
.chain .chain-says { min-height: 5.8em; margin: 8px 0; font-size: 14px; line-height: 1.45; }
.chain ol { padding-left: 1.4em; font-size: 14px; }
.chain figure svg { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; }
.chain figure text { text-anchor: middle; fill: var(--ink); }
.chain .cell { fill: var(--paper); stroke: var(--muted); stroke-width: 1; }
.chain .cell.leader { fill: var(--good); stroke: var(--good); }
.chain .cell.notified { fill: var(--warn); stroke: var(--warn); }
.chain .cell.reading { fill: color-mix(in srgb, var(--warn) 25%, var(--paper)); stroke: var(--warn); }
.chain .cell.gone { stroke: var(--bad); stroke-dasharray: 3 2; }
.chain .cell.believer { fill: var(--good); stroke: var(--bad); stroke-width: 2.5; stroke-dasharray: 3 2; }
.chain text.leader, .chain text.notified, .chain text.believer { fill: var(--paper); }
.chain text.gone { fill: var(--muted); text-decoration: line-through; }
.chain .list { fill: none; stroke: var(--muted); stroke-dasharray: 2 2; }
.chain .cut { fill: none; stroke: var(--bad); stroke-width: 1.6; }
.chain .arrow { fill: none; stroke: var(--muted); stroke-width: .8; }
.chain .head.armed { fill: var(--muted); }
.chain .arrow.fired { stroke: var(--warn); stroke-width: 1.2; }
.chain .head.fired { fill: var(--warn); }
.chain .arrow.again { stroke: var(--accent); stroke-width: 1.2; }
.chain .head.again { fill: var(--accent); }
@media (max-width: 600px) {
  .chain-steps button:not([aria-current]) { display: none; }
  .chain figure { display: grid; max-width: none; }
  .chain figure svg { max-width: 300px; }
  .chain .chain-says { min-height: 4.4em; }
}
@media (prefers-reduced-motion: no-preference) {
  .chain.is-live svg .fired, .chain.is-live svg .again { animation: chain-appear .45s ease-out; }
  @keyframes chain-appear { from { opacity: 0; } }
}
@media print { .chain .chain-live, .chain .chain-choice { display: none; } .chain figure { break-inside: avoid; } }
`;

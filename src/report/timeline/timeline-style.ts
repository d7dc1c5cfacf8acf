/** The style of the timeline. Colours are the page's custom properties. */
export const timelineStyle = `
.timeline-controls { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; margin: 12px 0; font-size: 14px; }
.timeline-group { display: inline-flex; flex-wrap: wrap; gap: 6px; }
.timeline-controls label { display: inline-flex; gap: 6px; align-items: center; color: var(--muted); min-height: 32px; }
.timeline-controls select { max-width: min(340px, 78vw); }
.timeline button, .timeline select, .chain button, .chain select {
  font: inherit; font-size: 14px; color: var(--ink); background: var(--paper); border: 1px solid var(--line);
  border-radius: 6px; padding: 5px 10px; min-height: 32px; }
.timeline button:hover:not(:disabled), .chain button:hover:not(:disabled) { border-color: var(--muted); }
.timeline button:disabled, .chain button:disabled { color: var(--muted); opacity: .55; }
.timeline :focus-visible, .chain :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.timeline-summary { min-height: 3em; margin: 8px 0; font-variant-numeric: tabular-nums; }
.timeline-stage { position: relative; border: 1px solid var(--line); border-radius: 6px; overflow: clip; }
.timeline-stage:focus-within { border-color: var(--accent); }
.timeline-stage canvas { display: block; width: 100%; height: 500px; cursor: grab; touch-action: pan-y; }
.timeline-panel + .timeline-panel:not([hidden]) { margin-top: 4px; }
.timeline.is-pair canvas { height: 340px; }
.timeline.is-pair .timeline-summary { min-height: 0; }
.timeline-stage canvas.opens { cursor: pointer; }
.timeline-stage canvas:active { cursor: grabbing; }
.timeline-stage canvas:focus-visible { outline-offset: -2px; }
.timeline-notice { position: absolute; inset: auto 0 0 0; padding: 6px; text-align: center; font-size: 13px;
  color: var(--paper); background: var(--ink); pointer-events: none; }
.timeline-legend { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 10px 0 4px; padding: 0;
  font-size: 13px; color: var(--muted); }
.timeline-legend i { display: inline-block; height: 12px; vertical-align: -1px; margin-right: 4px; }
.key-term { width: 18px; background: var(--other); }
.key-notified { width: 3px; background: var(--warn); }
.key-read { width: 18px; height: 5px !important; vertical-align: 3px !important; background: var(--muted); opacity: .5; }
.key-claimed { width: 3px; background: var(--ink); }
.key-armed { width: 2px; background: var(--accent); }
.key-lapsed { width: 18px; background: var(--other); opacity: .35; }
.key-lasts { width: 18px; background: linear-gradient(var(--bad) 0 2px, color-mix(in srgb, var(--bad) 24%, transparent) 2px); }
.key-server-leads { width: 18px; background: var(--muted); }
.key-server-follows { width: 18px; background: var(--band); }
.key-server-down { width: 18px; background: var(--bad); opacity: .3; }
.key-server-paused { width: 18px; background: var(--warn); opacity: .3; }
.key-wrote { width: 1px; background: var(--paper); outline: 1px solid var(--line); }
.key-refused { width: 3px; background: var(--good); }
.key-harm { width: 3px; background: var(--bad); }
.key-fault { width: 18px; background: color-mix(in srgb, var(--bad) 12%, transparent); border-left: 1px solid var(--bad); }
.key-warm-up { width: 18px; background: color-mix(in srgb, var(--muted) 12%, transparent); border-left: 1px solid var(--muted); }
.timeline-keys, .timeline-without { font-size: 13px; color: var(--muted); margin: 4px 0 0; }
.timeline-keys kbd { font: inherit; border: 1px solid var(--line); border-radius: 3px; padding: 0 4px; }
.timeline-static figure { margin: 16px 0; }
.timeline-static figcaption { font-size: 14px; margin-bottom: 6px; }
.timeline-still { overflow-x: auto; }
.timeline-still svg { display: block; width: 100%; min-width: 620px; max-width: 900px; height: auto; font-family: system-ui, sans-serif; }
.timeline.is-live .timeline-static { display: none; }
@media (hover: none) { .timeline-keys { display: none; } }
@media (max-width: 600px) { .timeline-stage canvas { height: 440px; } }
@media print {
  .timeline .timeline-live { display: none; }
  .timeline.is-live .timeline-static { display: block; }
  .timeline-without { display: none; }
  .timeline-still svg { min-width: 0; }
}
`;

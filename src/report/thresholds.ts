/** The thresholds that a run had to keep, and whether it did: as its result says, which judged them. */
import { thresholdLines } from "../export/threshold-lines.ts";
import { html, type Markup } from "./markup.ts";
import type { ReportRun } from "./report-run.ts";

/** `null` if there were none, or if nobody recorded them. */
export function thresholdList(runs: readonly ReportRun[]): Markup | null {
  const items = runs.flatMap(({ name, result }) =>
    thresholdLines(result.thresholds ?? []).map(
      ({ held, text }) =>
        html`<li><span class="${held ? "good" : "bad"}">${held ? "✓" : "✗"}</span> ${runs.length > 1 ? `${name}: ` : ""}${text}</li>\n`,
    ),
  );
  return items.length === 0 ? null : html`<ul class="thresholds">${items}</ul>`;
}

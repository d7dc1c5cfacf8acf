/** The thresholds that a run had to keep, as its command names them, checked again on its figures. */
import type { Result } from "../export/result.ts";
import { thresholdLines } from "../export/threshold-lines.ts";
import { LabError } from "../lab-error.ts";
import { parseThreshold, type Threshold } from "../metrics/threshold.ts";
import { checkThreshold } from "../metrics/threshold-check.ts";
import { html, type Markup } from "./markup.ts";
import type { ReportRun } from "./report-run.ts";

const FLAG = "--ensure";

/** `null` if there were none. */
export function thresholdList(runs: readonly ReportRun[]): Markup | null {
  const items = runs.flatMap(({ name, result }) =>
    thresholdLines(thresholdsOf(result).map((threshold) => checkThreshold(threshold, result.trials))).map(
      ({ held, text }) =>
        html`<li><span class="${held ? "good" : "bad"}">${held ? "✓" : "✗"}</span> ${runs.length > 1 ? `${name}: ` : ""}${text}</li>\n`,
    ),
  );
  return items.length === 0 ? null : html`<ul class="thresholds">${items}</ul>`;
}

function thresholdsOf({ run: { argv } }: Result): Threshold[] {
  return argv.flatMap((word, index) => {
    const [flag, text] = word.startsWith(`${FLAG}=`)
      ? [FLAG, word.slice(FLAG.length + 1)]
      : [word, argv[index + 1]];
    return flag === FLAG && text !== undefined ? (parsed(text) ?? []) : [];
  });
}

/** A version may know measures that another does not. */
function parsed(text: string): Threshold | undefined {
  try {
    return parseThreshold(text);
  } catch (error) {
    if (error instanceof LabError) return undefined;
    throw error;
  }
}

/** The checkers' verdicts; each piece of evidence is a link to its moment in the timeline. */
import type { Verdict } from "../checkers/checker.ts";
import type { TrialResult } from "../export/result.ts";
import { type AxisName, toldOf, trialText } from "../history/conditions.ts";
import { momentIn } from "./address.ts";
import { headingOf } from "./heading.ts";
import { html, type Markup } from "./markup.ts";
import type { ReportRun } from "./report-run.ts";
import { folded } from "./table.ts";
import { wasAskedFor } from "./unfenced.ts";
import { milliseconds, plural, words } from "./wording.ts";

/** Further pieces of evidence for one verdict are folded: they mostly say the same. */
const FEW = 3;

interface Place {
  readonly run: number;
  readonly trial: TrialResult;
  readonly runName: string | null;
  readonly told: readonly AxisName[];
}

export function verdictSection(runs: readonly ReportRun[]): Markup {
  const told = toldOf(runs.flatMap(({ result }) => result.trials));
  const places = runs.flatMap(({ name, result }, run) =>
    result.trials.map((trial): Place => ({ run, trial, runName: runs.length > 1 ? name : null, told })),
  );
  const remarksOn = (place: Place) =>
    Object.entries(place.trial.verdicts).flatMap(([name, verdict]) => remark(place, name, verdict) ?? []);
  const remarks = places.flatMap((place) => [...ending(place), ...remarksOn(place)]);
  const names = [...new Set(places.flatMap(({ trial }) => Object.keys(trial.verdicts)))].map(words);
  return html`<section id="verdicts">${headingOf("verdicts", "Is it a correct election?")}
${
  places.length === 0
    ? html`<p>There is no trial to judge.</p>`
    : places.flatMap(remarksOn).length === 0
      ? html`<p><span class="good">Yes:</span> ${names.join(", ")} hold in ${places.length === 1 ? "the trial" : `all ${places.length} trials`}, judged from the histories alone.</p>`
      : html`<p>Judged: ${names.join(", ")}, in ${plural(places.length, "trial")}. Evidence leads into the timeline.</p>`
}${remarks.length === 0 ? null : html`<ul class="remarks">${remarks}</ul>`}</section>`;
}

/** Precedes the verdicts: a trial that did not complete is judged as far as it came. */
function ending(place: Place): Markup[] {
  const { state, reason } = place.trial;
  switch (state) {
    case "completed":
      return [];
    case "aborted":
    case "errored": {
      const tone = state === "errored" ? "bad" : "warn";
      return [html`<li><span class="${tone}">${state}</span> ${nameOf(place)}: ${reason}</li>`];
    }
    default:
      return state satisfies never;
  }
}

function nameOf({ trial, runName, told }: Place): string {
  const run = runName === null ? "" : `${runName}, `;
  return `${run}trial ${trial.trial} (${trialText(trial, told)})`;
}

function remark(place: Place, name: string, verdict: Verdict): Markup | null {
  if (verdict.valid === true) return null;
  const { trial } = place;
  const where = nameOf(place);
  if (verdict.valid === "unknown") {
    return html`<li><span class="warn">${words(name)}: unknown</span> in ${where}: ${verdict.reason}</li>`;
  }
  const evidence = verdict.evidence.map(
    ({ at, message }) =>
      html`<li><a href="${momentIn({ run: place.run, trial: trial.trial }, at)}">${message}</a>, ${milliseconds(at / 1e6)} ms into the run</li>`,
  );
  const asked = wasAskedFor(name, trial) ? " (the fence was off, as requested)" : "";
  const [shown, more] = [evidence.slice(0, FEW), evidence.slice(FEW)];
  return html`<li><span class="bad">${words(name)}: FALSE</span>${asked} in ${where}<ul>${shown}</ul>${
    more.length === 0 ? null : folded(`${more.length} more`, html`<ul>${more}</ul>`)
  }</li>`;
}

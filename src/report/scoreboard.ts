/**
 * What each scheme costs, a row for each, beside what it watches; then a sentence for each comparison. The
 * tables of all trials and of the tests stand behind it.
 */
import { type Verdict, worst } from "../checkers/checker.ts";
import type { TrialResult } from "../export/result.ts";
import { pairSentence, schemePairs } from "../export/scheme-pairs.ts";
import { schemeWatches } from "../export/scheme-words.ts";
import { trialColumns } from "../export/trial-columns.ts";
import { conditionKey, conditionText, sameConditions, toldOf } from "../history/conditions.ts";
import { groupsOf } from "../metrics/groups.ts";
import { medianInterval } from "../metrics/statistics.ts";
import { headingOf } from "./heading.ts";
import { html, type Markup } from "./markup.ts";
import type { ReportRun } from "./report-run.ts";
import { inOrder, lookOf } from "./scheme-style.ts";
import { type Column, cardTable, folded, type RowGroup } from "./table.ts";
import { comparisonTable } from "./tables/comparisons.ts";
import { medianCount, serverTable } from "./tables/server.ts";
import { trialTable } from "./tables/trials.ts";
import { count, interval, milliseconds, NONE, orNone, plural } from "./wording.ts";

/** More conditions than these, and more sentences than those, are folded. */
const FEW = { groups: 4, sentences: 6 } as const;

interface Row {
  readonly trial: TrialResult;
  readonly best: Best;
}

export function scoreboard(runs: readonly ReportRun[]): Markup | null {
  const groups = runs.flatMap((run) => groupsIn(run, runs.length > 1));
  const [first] = groups;
  if (first === undefined) return null;
  const [shown, more] = [groups.slice(0, FEW.groups), groups.slice(FEW.groups)];
  const sentences = runs.flatMap(({ result }) =>
    schemePairs(result).map((pair) => pairSentence(pair, result.trials)),
  );
  const server = serverTable(runs);
  const tests = comparisonTable(runs);
  return html`<section id="scoreboard">${headingOf("scoreboard", "What it costs")}
<p class="about">Per failover, by the median where it is a time, in ms; in brackets where the true median lies with 95 % confidence. Quiet: until all wait again. Bold: the best, where a difference is shown.</p>
${board("What each scheme costs", shown)}
${told(sentences.slice(0, FEW.sentences))}
${more.length === 0 ? null : folded(`${plural(more.length, "more condition")}`, board("What each scheme costs under more conditions", more))}
${sentences.length <= FEW.sentences ? null : folded("More comparisons", told(sentences.slice(FEW.sentences)))}
${folded("The figures of every trial", trialTable(runs))}
${server === null ? null : folded("What the server counts, medians per failover", server)}
${tests === null ? null : folded("The comparisons, with their tests", tests)}</section>`;
}

function told(sentences: readonly string[]): Markup {
  return html`${sentences.map((sentence) => html`<p>${sentence}</p>\n`)}`;
}

/** The conditions under which most schemes ran come first, then those with the most candidates. */
function groupsIn({ name, result }: ReportRun, severalRuns: boolean): RowGroup<Row>[] {
  const axes = toldOf(result.trials);
  return groupsOf(result.trials, (trial) => conditionKey(trial))
    .sort((a, b) => b.length - a.length || (b[0]?.candidates ?? 0) - (a[0]?.candidates ?? 0))
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const best = bestOf(
        group,
        result.analysis.comparisons.filter((one) => sameConditions(one, first)),
      );
      const rows = inOrder(group.map(({ scheme }) => scheme)).flatMap((scheme) =>
        group.filter((trial) => trial.scheme === scheme).map((trial): Row => ({ trial, best })),
      );
      const title = conditionText(first, axes);
      return { title: severalRuns ? `${name}: ${title}` : title, rows };
    });
}

function board(name: string, groups: readonly RowGroup<Row>[]): Markup {
  return cardTable(name, columns, groups);
}

const figures = ["woken", "reads", "failover", "settled"] as const;

/** The schemes that are best, by each figure that tells one. */
type Best = Readonly<Record<(typeof figures)[number], ReadonlySet<string>>>;

type Comparisons = ReportRun["result"]["analysis"]["comparisons"];

/** Counts differ or they do not; a difference of times has to be shown. */
function bestOf(group: readonly TrialResult[], comparisons: Comparisons): Best {
  return {
    woken: fewest(group, "woken"),
    reads: fewest(group, "reads"),
    failover: fastest(comparisons.filter(({ measure }) => measure === "failoverMs")),
    settled: fastest(comparisons.filter(({ measure }) => measure === "settledMs")),
  };
}

function fewest(group: readonly TrialResult[], name: "woken" | "reads"): Set<string> {
  const counts = group.flatMap(({ scheme, summary }) => {
    const value = trialColumns[name].of(summary);
    return value === null ? [] : { scheme, value };
  });
  const least = Math.min(...counts.map(({ value }) => value));
  const best = counts.filter(({ value }) => value === least);
  return new Set(best.length === counts.length ? [] : best.map(({ scheme }) => scheme));
}

/** The fastest of those that are shown to be faster than the baseline; else that, if others are slower. */
function fastest(comparisons: Comparisons): Set<string> {
  const [faster] = comparisons
    .filter(({ conclusion }) => conclusion === "faster")
    .sort((a, b) => a.ratio - b.ratio);
  if (faster !== undefined) return new Set([faster.scheme]);
  const slower = comparisons.filter(({ conclusion }) => conclusion === "slower");
  return new Set(slower.map(({ baseline }) => baseline));
}

const figure = (title: string, text: (trial: TrialResult) => string, best?: keyof Best): Column<Row> => ({
  title,
  is: "figure",
  cell: (row) => {
    const shown = text(row.trial);
    const isBest = best !== undefined && row.best[best].has(row.trial.scheme);
    return isBest ? html`<b>${shown}</b>` : shown;
  },
});

const columns: readonly Column<Row>[] = [
  {
    title: "scheme",
    is: "long",
    cell: ({ trial: { scheme } }) => {
      const { colour, outline } = lookOf(scheme);
      const watches = schemeWatches(scheme);
      return html`<span class="scheme"><svg viewBox="0 0 10 10" aria-hidden="true"><path d="${outline}" fill="${colour}"/></svg>${scheme}</span>${
        watches === null ? null : html`<span class="watches">watches ${watches}</span>`
      }`;
    },
  },
  figure("woken", ({ summary }) => orNone(summary.notificationsPerFailover, count), "woken"),
  figure("reads", ({ summary }) => orNone(summary.readsPerFailover, count), "reads"),
  figure("bytes", (trial) => orNone(medianCount(trial, "responseBytes"), count)),
  figure("p50", ({ summary }) => orNone(summary.failoverMs?.p50, milliseconds), "failover"),
  figure("[95 %]", ({ summary: { failoverMs } }) => {
    const ends = failoverMs === null ? null : medianInterval(failoverMs);
    return ends === null ? NONE : interval(ends, milliseconds);
  }),
  figure("p99", ({ summary }) => orNone(summary.failoverMs?.p99, milliseconds)),
  figure("quiet", ({ summary }) => orNone(summary.settledMs?.p50, milliseconds), "settled"),
  { title: "correct", cell: ({ trial }) => verdictMark(trial) },
];

/** Leads to the reasons, unless all is well. */
function verdictMark({ state, verdicts }: TrialResult): Markup {
  const valid: Verdict["valid"] = worst(Object.values(verdicts));
  const end = state === "completed" ? "" : `, ${state}`;
  switch (valid) {
    case true:
      return end === ""
        ? html`<span class="good">✓ yes</span>`
        : html`<a class="warn" href="#verdicts">✓ yes${end}</a>`;
    case false:
      return html`<a class="bad" href="#verdicts">✗ NO${end}</a>`;
    case "unknown":
      return html`<a class="warn" href="#verdicts">? unknown${end}</a>`;
    default:
      return valid satisfies never;
  }
}

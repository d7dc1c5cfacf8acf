/**
 * The report: one file that needs nothing else. Its policy forbids every request. Interactivity is optional:
 * without a script the page says the same.
 */
import { readFile } from "node:fs/promises";
import { type Verdict, worst } from "../checkers/checker.ts";
import { several } from "../history/conditions.ts";
import { bundle } from "../package-root.ts";
import { chainSection } from "./chain/chain-section.ts";
import { chainStyle } from "./chain/chain-style.ts";
import { chartFigure } from "./charts/chart-figure.ts";
import { charts } from "./charts/registry.ts";
import { costModels } from "./cost-models.ts";
import { dataScripts } from "./data-scripts.ts";
import { environmentSection } from "./environment.ts";
import { headingOf } from "./heading.ts";
import { headline } from "./headline.ts";
import { heroSection } from "./hero/hero-section.ts";
import { heroStyle } from "./hero/hero-style.ts";
import { html, type Markup } from "./markup.ts";
import type { ReportRun } from "./report-run.ts";
import { type RunDifference, runDifferences } from "./run-differences.ts";
import { runsSection } from "./runs-section.ts";
import { scoreboard } from "./scoreboard.ts";
import { style } from "./style.ts";
import { folded } from "./table.ts";
import { growthTable } from "./tables/growth.ts";
import { implementationTable } from "./tables/implementations.ts";
import { oldLeaderTable } from "./tables/old-leaders.ts";
import { thresholdList } from "./thresholds.ts";
import { timelineSection } from "./timeline/timeline-section.ts";
import { timelineStyle } from "./timeline/timeline-style.ts";
import { verdictSection } from "./verdicts.ts";
import { qualityLine, warningSection } from "./warnings.ts";
import { wholePage } from "./whole-page.ts";
import { plural } from "./wording.ts";

/** The whole document as text. */
export async function reportPage(runs: readonly ReportRun[]): Promise<string> {
  const differences = runDifferences(runs);
  const title = headline(runs, differences);
  const parts = partsOf(runs, differences);
  return wholePage({
    title,
    description: `${title}. ${amount(runs)}`,
    style: style + heroStyle + timelineStyle + chainStyle,
    script: await readFile(bundle("report.js"), "utf8"),
    body: html`${head(runs, title)}
<nav aria-label="Contents"><ul>${parts.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main>
${parts.map(({ content }) => html`${content}\n`)}</main>
<footer>Made by zk-election-lab. This file holds all that it shows and asks no network for anything.</footer>
${dataScripts(runs)}`,
  });
}

interface Part {
  readonly id: string;
  /** Its name in the list of contents. */
  readonly name: string;
  readonly content: Markup;
}

/** The page in its order: what a reader wants to know first comes first. */
function partsOf(runs: readonly ReportRun[], differences: readonly RunDifference[]): Part[] {
  const growth = growthTable(runs);
  const grows = several(
    runs.flatMap(({ result }) => result.trials),
    "candidates",
  );
  // Where growth was measured, each of many numbers of candidates has few failovers, and what the herd costs
  // is among the figures that have models.
  const isGrowth = runs.some(({ result }) => result.analysis.models !== undefined);
  const aside = new Set([
    ...(grows ? [] : ["herd"]),
    ...(isGrowth ? ["distribution", "phases", "herd"] : []),
  ]);
  const placeOf = (id: string) => (aside.has(id) ? "more" : (places[id] ?? "more"));
  const drawn = (place: ChartPlace) =>
    charts
      .filter(({ id }) => placeOf(id) === place)
      .map((chart) => {
        const figure = chartFigure(chart, runs);
        // Of dozens of trials each is many screens tall.
        return figure !== null && isGrowth && place === "more" ? folded(chart.title, figure) : figure;
      });
  const tables = [oldLeaderTable(runs), implementationTable(runs)];
  const parts: (Omit<Part, "content"> & { readonly content: Markup | null })[] = [
    { id: "runs", name: "Runs compared", content: runsSection(runs, differences) },
    { id: "hero", name: "Who wakes up", content: heroSection(runs) },
    { id: "scoreboard", name: "Cost", content: scoreboard(runs) },
    { id: "chain", name: "Step by step", content: chainSection(runs) },
    {
      id: "time",
      name: "Failover time",
      content: section("time", "Failover time", ...drawn("time"), ...tables),
    },
    {
      id: "growth",
      name: "Growth",
      content: section(
        "growth",
        "Growth with the number of candidates",
        ...drawn("growth"),
        growth,
        costModels(runs),
      ),
    },
    { id: "verdicts", name: "Verdicts", content: verdictSection(runs) },
    { id: "timeline", name: "Timeline", content: timelineSection(runs) },
    { id: "figures", name: "More figures", content: section("figures", "More figures", ...drawn("more")) },
    { id: "warnings", name: "Warnings", content: warningSection(runs) },
    { id: "environment", name: "Environment", content: environmentSection(runs) },
  ];
  return parts.flatMap(({ content, ...part }) => (content === null ? [] : { content, ...part }));
}

/** `null` if it would be empty. */
function section(id: string, title: string, ...contents: readonly (Markup | null)[]): Markup | null {
  return contents.every((content) => content === null)
    ? null
    : html`<section id="${id}">${headingOf(id, title)}${contents}</section>`;
}

/** All others are among the further figures. */
type ChartPlace = "time" | "growth" | "more";

const places: Readonly<Record<string, ChartPlace>> = {
  failover: "time",
  distribution: "time",
  phases: "time",
  herd: "growth",
};

function head(runs: readonly ReportRun[], title: string): Markup {
  const trials = runs.flatMap(({ result }) => result.trials);
  const interrupted = runs.filter(({ result }) => result.run.state !== "completed");
  return html`<header>
<p class="kicker">ZooKeeper leader election, measured · ${runs.map(({ name }) => name).join(" and ")}</p>
<h1>${title}</h1>
<p>${amount(runs)} ${judgement(worst(trials.flatMap(({ verdicts }) => Object.values(verdicts))))} ${qualityLine(runs)}</p>
${thresholdList(runs)}
${interrupted.map(
  ({ name, result }) =>
    html`<p class="warn">${name}: the run ${result.run.state === "failed" ? "failed" : "was interrupted"}; these are the results so far.</p>`,
)}</header>`;
}

/** How much was measured, and of how much: "1 of 2 trials, 51 of 300 failovers." */
function amount(runs: readonly ReportRun[]): string {
  const trials = runs.flatMap(({ result }) => result.trials);
  const failovers = trials.reduce((sum, trial) => sum + trial.failovers.length, 0);
  const planned = plannedOf(runs);
  const of = (count: number, all: number | null, noun: string) =>
    all === null || all <= count ? plural(count, noun) : `${count} of ${plural(all, noun)}`;
  return `${of(trials.length, planned.trials, "trial")}, ${of(failovers, planned.failovers, "failover")}.`;
}

/** `null` for what is not known. */
function plannedOf(runs: readonly ReportRun[]): { trials: number | null; failovers: number | null } {
  const sumOf = (values: readonly (number | null)[]) =>
    values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0);
  return {
    trials: sumOf(runs.map(({ result }) => result.run.plannedTrials)),
    failovers: sumOf(runs.map(({ result }) => result.run.plannedFailovers)),
  };
}

function judgement(valid: Verdict["valid"]): Markup {
  switch (valid) {
    case true:
      return html`<span class="good">All verdicts are valid.</span>`;
    case false:
      return html`<a class="bad" href="#verdicts">Some verdicts are FALSE.</a>`;
    case "unknown":
      return html`<a class="warn" href="#verdicts">Some verdicts are unknown.</a>`;
    default:
      return valid satisfies never;
  }
}

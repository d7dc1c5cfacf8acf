/**
 * The report: one file that needs nothing else. Its policy forbids every request. Interactivity is optional:
 * without a script the page says the same.
 */
import { readFile } from "node:fs/promises";
import { type Verdict, worst } from "../checkers/checker.ts";
import { bundle } from "../package-root.ts";
import { chainSection } from "./chain/chain-section.ts";
import { chainStyle } from "./chain/chain-style.ts";
import type { ChartRun } from "./charts/chart.ts";
import { chartFigure } from "./charts/chart-figure.ts";
import { charts } from "./charts/registry.ts";
import { dataScripts } from "./data-scripts.ts";
import { embeddedScript } from "./embed.ts";
import { environmentSection } from "./environment.ts";
import { headline } from "./headline.ts";
import { html, Markup } from "./markup.ts";
import type { ReportRun } from "./report-run.ts";
import { runDifferences } from "./run-differences.ts";
import { runsSection } from "./runs-section.ts";
import { style } from "./style.ts";
import { folded } from "./table.ts";
import { comparisonTable } from "./tables/comparisons.ts";
import { growthTable } from "./tables/growth.ts";
import { implementationTable } from "./tables/implementations.ts";
import { oldLeaderTable } from "./tables/old-leaders.ts";
import { serverTable } from "./tables/server.ts";
import { trialTable } from "./tables/trials.ts";
import { timelineSection } from "./timeline/timeline-section.ts";
import { timelineStyle } from "./timeline/timeline-style.ts";
import { verdictSection } from "./verdicts.ts";
import { warningSection } from "./warnings.ts";
import { plural } from "./wording.ts";

/** The whole document as text. */
export async function reportPage(runs: readonly ReportRun[]): Promise<string> {
  const client = embeddedScript(await readFile(bundle("report.js"), "utf8"));
  const chartRuns = runs.map(
    ({ name, result: { trials, analysis } }): ChartRun => ({ name, result: { trials, analysis } }),
  );
  const differences = runDifferences(runs);
  const title = headline(runs, differences);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${client.source}; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · zk-election-lab</title>
<style>${new Markup(style + timelineStyle + chainStyle)}</style>
</head>
<body>
${head(runs, title)}
${contents(runs)}
<main>
${runsSection(runs, differences)}
${resultSection(runs, chartRuns)}
${verdictSection(runs)}
${warningSection(runs)}
${timelineSection(runs)}
${chainSection(runs)}
${environmentSection(runs)}
</main>
<footer>Made by zk-election-lab. This file holds all that it shows and asks no network for anything.</footer>
${dataScripts(runs)}
${client.markup}
</body>
</html>
`.text;
}

function head(runs: readonly ReportRun[], title: string): Markup {
  const trials = runs.flatMap(({ result }) => result.trials);
  const failovers = trials.reduce((sum, trial) => sum + trial.failovers.length, 0);
  const warnings = trials.reduce((sum, trial) => sum + trial.warnings.length, 0);
  const interrupted = runs.filter(({ result }) => result.run.state !== "completed");
  return html`<header>
<p class="kicker">ZooKeeper leader election, measured · ${runs.map(({ name }) => name).join(" and ")}</p>
<h1>${title}</h1>
<p>${plural(trials.length, "trial")}, ${plural(failovers, "failover")}. ${judgement(worst(trials.flatMap(({ verdicts }) => Object.values(verdicts))))} ${
    warnings === 0 ? null : html`<a href="#warnings">${plural(warnings, "warning")}</a> to mind.`
  }</p>
${interrupted.map(
  ({ name, result }) =>
    html`<p class="warn">${name}: the run ${result.run.state === "failed" ? "failed" : "was interrupted"}; these are the results so far.</p>`,
)}</header>`;
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

function contents(runs: readonly ReportRun[]): Markup {
  const parts: [string, string][] = [
    ...(runs.length > 1 ? [["runs", "Runs compared"] as [string, string]] : []),
    ["figures", "Figures"],
    ["verdicts", "Verdicts"],
    ["warnings", "Warnings"],
    ["timeline", "Timeline"],
    ["chain", "Chain"],
    ["environment", "Environment"],
  ];
  return html`<nav aria-label="Contents"><ul>${parts.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>`;
}

function resultSection(runs: readonly ReportRun[], chartRuns: readonly ChartRun[]): Markup {
  const growth = growthTable(runs);
  const server = serverTable(runs);
  const behind: Record<string, Markup | null> = {
    failover: html`${folded("The figures of every trial", trialTable(runs))}${comparisonTable(runs)}`,
    herd: html`${server === null ? null : folded("What the server counts, medians per failover", server)}${growth === null ? null : folded("Growth with the number of candidates", growth)}`,
  };
  return html`<section id="figures"><h2>Figures</h2>
${charts.map((chart) => {
  const drawn = chartFigure(chart, chartRuns);
  // The tables appear even if there is nothing to draw.
  return [drawn, behind[chart.id]];
})}
${oldLeaderTable(runs)}${implementationTable(runs)}</section>`;
}

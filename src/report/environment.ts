/** The environment of a run, and how to repeat it. */

import { ensembleSentences, serverCount, setUpParts } from "../export/ensemble-text.ts";
import { relayPlaces, relayText } from "../export/relay-text.ts";
import { sharedThreads } from "../export/shared-threads.ts";
import { toldOf } from "../history/conditions.ts";
import { commandLine } from "./command-line.ts";
import { headingOf } from "./heading.ts";
import { html, type Markup } from "./markup.ts";
import type { ReportRun } from "./report-run.ts";
import { NONE, plural } from "./wording.ts";

export function environmentSection(runs: readonly ReportRun[]): Markup {
  return html`<section id="environment">${headingOf("environment", "Environment, and how to run it again")}
${runs.map((run, index) => one(run, index, runs.length > 1))}</section>`;
}

function one({ name, result }: ReportRun, index: number, several: boolean): Markup {
  const { run, environment, trials } = result;
  const { server } = environment;
  const relay = relayText(trials);
  const setUp = setUpParts(environment);
  const shared = sharedThreads(trials);
  const facts: [string, string][] = [
    ["started", `${run.startedAt}, ${run.state}`],
    ["ZooKeeper", server.version ?? "of an unknown version"],
    ["servers", `${serverCount(result)}, ${server.embedded ? "started by the lab" : "your own ensemble"}`],
    ...(setUp.length === 0 ? [] : [["set up with", setUp.join(", ")] as [string, string]]),
    ["tick", server.tickTimeMs === null ? NONE : `${server.tickTimeMs} ms`],
    ["fsync", server.forceSync === null ? NONE : server.forceSync ? "yes, before each answer" : "no"],
    ["relays", relay === null ? "none" : `${relayPlaces(trials)}: ${relay}`],
    ["client", environment.client],
    ["Node", environment.node],
    [
      "machine",
      `${environment.cpu}, ${plural(environment.cores, "core")}, ${gibibytes(environment.memoryBytes)}`,
    ],
    ["system", environment.os],
    ["reading the clock", `${environment.clockCostNs} ns`],
    ["lab", `${run.version}${run.git === null ? "" : `, commit ${run.git}`}`],
    ["seed", String(run.seed)],
  ];
  return html`${several ? html`<h3>${name}</h3>` : null}
<pre><code>${commandLine(run)}</code></pre>
<p class="downloads" data-downloads="${index}"></p>
<dl>${facts.map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`)}</dl>
${ensembleSentences(trials, toldOf(trials)).map((sentence) => html`<p>${sentence}</p>`)}
${shared === null ? null : html`<p>${shared}</p>`}`;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { TrialResult } from "../export/result.ts";
import { parseThreshold } from "../metrics/threshold.ts";
import { checkThreshold } from "../metrics/threshold-check.ts";
import { exampleHistory, exampleRun, runOf, sampleRun, trialOf } from "../testing/report-run.ts";
import { sampleModel } from "../testing/samples.ts";
import { charts } from "./charts/registry.ts";
import { reportPage } from "./page.ts";
import type { ReportRun } from "./report-run.ts";

const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)>{b|x}`;

test("has one title that is the answer, every chart, every section and the command", async () => {
  const page = await reportPage([sampleRun()]);
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  const [, answer] = page.match(/<h1>(.*?)<\/h1>/) ?? [];
  expect(answer).toContain("9.8 times slower");
  expect(page).toContain(`<title>${answer} · zk-election-lab</title>`);
  for (const { id } of charts)
    expect(page).toMatch(new RegExp(`<figure class="chart" id="chart-${id}">.*?<svg `, "s"));
  expect(page).toContain("yarn lab --candidates 10,100");
  expect(page).toContain("find a quiet machine");
});

/** The sections in the order of the list of contents. */
const contents = (page: string) =>
  [...(page.match(/<nav.*?<\/nav>/s)?.[0] ?? "").matchAll(/href="#(.*?)"/g)].map(([, id]) => id);

test("the page begins with who wakes up and what it costs; details come later", async () => {
  const page = await reportPage([exampleRun([exampleHistory("predecessor"), exampleHistory("leader", 2)])]);
  const order = ["hero", "scoreboard", "chain", "verdicts", "timeline", "warnings", "environment"];
  expect(contents(page)).toEqual(order);
  expect([...page.matchAll(/<section [^>]*id="(.*?)"/g)].map(([, id]) => id)).toEqual(order);
  for (const id of order) expect(page).toMatch(new RegExp(`<h2>[^<]+<a class="anchor" href="#${id}"`));
});

test("growth has a section only if there are several numbers of candidates", async () => {
  expect(contents(await reportPage([sampleRun()]))).toContain("growth");
  const one = runOf("r", [trialOf(1, "predecessor", 10, 0), trialOf(2, "leader", 10, 0.2)]);
  const { result } = one;
  const page = await reportPage([
    { ...one, result: { ...result, analysis: { ...result.analysis, growth: [] } } },
  ]);
  expect(contents(page)).not.toContain("growth");
  expect(page.indexOf("chart-herd")).toBeGreaterThan(page.indexOf('id="figures"'));
});

test("without a history it says nothing of who wakes", async () => {
  expect(contents(await reportPage([sampleRun()]))).not.toContain("hero");
});

test("a run that did not finish says how much of it there is, also to those who only see its link", async () => {
  const run = exampleRun([exampleHistory("predecessor")]);
  const { result } = run;
  const started = {
    ...result,
    run: { ...result.run, plannedTrials: 3, plannedFailovers: 6, state: "interrupted" as const },
  };
  const page = await reportPage([{ ...run, result: started }]);
  expect(page).toContain("<p>1 of 3 trials, 0 of 6 failovers. ");
  expect(page).toMatch(/<meta name="description" content="[^"]+ 1 of 3 trials, 0 of 6 failovers\.">/);
});

test("the head says how far to trust the figures, and whether thresholds held", async () => {
  const run = sampleRun();
  const { result } = run;
  const thresholds = [checkThreshold(parseThreshold("leader.failoverMs.p50<1"), result.trials)];
  const page = await reportPage([{ ...run, result: { ...result, thresholds } }]);
  const [head = ""] = page.match(/<header>.*?<\/header>/s) ?? [];
  expect(head).toContain('<a class="warn" href="#warnings">Quality: 1 of 8 lies far off.</a>');
  expect(head.match(/✗/g)).toHaveLength(2);
});

test("permits nothing but what is inside, and its own script by its hash", async () => {
  const page = await reportPage([sampleRun()]);
  const policy = (page.match(/Content-Security-Policy" content="(.*?)"/)?.[1] ?? "").replaceAll("&#39;", "'");
  expect(policy).toMatch(/^default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-/);
  const code = page.match(/<script>(.*?)<\/script>/s)?.[1] ?? "";
  expect(policy).toContain(`'sha256-${createHash("sha256").update(code).digest("base64")}'`);
  expect(page.replace(code, "")).not.toMatch(/<(link|iframe|img)\b|@import|url\((?!#)/);
});

test("a page brings no drawing library, however small the run", async () => {
  const page = await reportPage([runOf("empty", [])]);
  expect(page.length).toBeLessThan(200_000);
});

test("the same run gives the same page", async () => {
  expect(await reportPage([sampleRun()])).toBe(await reportPage([sampleRun()]));
});

test("a name from outside stays a name: in markup, in drawings and in data", async () => {
  const trial = trialOf(1, HOSTILE, 10, 0.2);
  const evidence = [{ at: 123_456_789, message: HOSTILE, candidates: [1] }];
  const bad: TrialResult = {
    ...trialOf(2, "leader", 10, 0.2),
    reason: HOSTILE,
    verdicts: { ...trial.verdicts, singleLeader: { valid: false, evidence } },
    warnings: [{ type: "outliers", message: HOSTILE, hint: HOSTILE, failovers: [1] }],
  };
  const run = runOf(HOSTILE, [trial, bad]);
  const { result } = run;
  const argv = ["lab", "--election", HOSTILE];
  const hostile: ReportRun = { ...run, result: { ...result, run: { ...result.run, argv, git: HOSTILE } } };
  const page = await reportPage([hostile, sampleRun(HOSTILE)]);
  const client = page.match(/<script>.*?<\/script>/s)?.[0] ?? "";
  const rest = page.replace(client, "");
  expect(rest).not.toContain("<script>");
  expect(rest).not.toContain("<img");
  expect(page.match(/<\/script>/g)?.length).toBe(page.match(/<script[ >]/g)?.length);
});

test("evidence of a false verdict leads to its moment in the timeline", async () => {
  const trial = trialOf(3, "leader", 10, 0.2);
  const evidence = [{ at: 123_456_789, message: "two leaders at once", candidates: [1, 2] }];
  const verdicts: TrialResult["verdicts"] = {
    ...trial.verdicts,
    singleLeader: { valid: false, evidence },
    liveness: { valid: "unknown", reason: "interrupted" },
  };
  const page = await reportPage([runOf("r", [{ ...trial, verdicts }])]);
  expect(page).toContain('<a href="#timeline=1.3&amp;at=123456789">two leaders at once</a>');
  expect(page).toContain("liveness: unknown");
  expect(page).toContain("Not a correct election");
});

test("says when runs were made in different environments", async () => {
  const base = sampleRun("old");
  const environment = { ...base.result.environment, cores: 64 };
  const page = await reportPage([base, { ...base, name: "new", result: { ...base.result, environment } }]);
  expect(page).toContain("new ran in another environment than old: cores (2 → 64)");
  expect(page).toContain("no difference shown");
});

test("a run without a trial is a page all the same", async () => {
  const page = await reportPage([runOf("empty", [])]);
  expect(page).toContain("<h1>No trial was completed: nothing can be said</h1>");
  expect(page).not.toContain("<figure");
});

test("a growth run shows costs, numbers left out, and forecasts that say that they are foretold", async () => {
  const one = sampleRun();
  const models = [sampleModel(), sampleModel({ measure: "heapBytes", scheme: "heir" })];
  const result = { ...one.result, analysis: { ...one.result.analysis, models } };
  const page = await reportPage([{ ...one, result }]);
  expect(page).toContain("How each figure grows, and what that foretells");
  expect(page).toContain("1 ms + 1 µs × N (N − 1)");
  expect(page).toContain("leader, 1 000 candidates: 1.1 s foretold from the others, 1 s measured");
  expect(page).toContain("+10 %");
  expect(page).toMatch(/N = 1 000 000, foretold/);
  expect(page).toContain("FORETOLD, not measured");
});

import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { TrialResult } from "../export/result.ts";
import { runOf, sampleRun, trialOf } from "../testing/report-run.ts";
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
  for (const id of ["figures", "verdicts", "warnings", "timeline", "environment"])
    expect(page).toContain(`id="${id}"`);
  expect(page).toContain("yarn lab --candidates 10,100");
  expect(page).toContain("find a quiet machine");
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
  expect(JSON.parse(page.match(/id="result-0"[^>]*>(.*?)<\/script>/s)?.[1] ?? "").run.argv).toContain(
    HOSTILE,
  );
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
  expect(page).toContain(
    '<a class="seek" href="#timeline" data-run="0" data-trial="3" data-at="123456789">two leaders at once</a>',
  );
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

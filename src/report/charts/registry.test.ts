import { describe, expect, test } from "vitest";
import type { TrialResult } from "../../export/result.ts";
import type { SchemeGrowth } from "../../metrics/analysis.ts";
import { runOf, trialOf } from "../../testing/report-run.ts";
import { sampleGrowth, sampleStatistics } from "../../testing/samples.ts";
import type { Chart, ChartRun } from "./chart.ts";
import { chartSvg } from "./chart-svg.ts";
import { course } from "./course.ts";
import { distribution } from "./distribution.ts";
import { failover } from "./failover.ts";
import { herd } from "./herd.ts";
import { phases } from "./phases.ts";
import { prediction } from "./prediction.ts";
import { charts } from "./registry.ts";
import { settling } from "./settling.ts";

const schemes = ["predecessor", "leader", "children", "heir", "./mine.ts", "./yours.ts"];

/** A trial for each scheme and number of candidates. */
function runsOf(runs: number, schemeCount: number, numbers: readonly number[]): ChartRun[] {
  const trials = schemes
    .slice(0, schemeCount)
    .flatMap((scheme, line) =>
      numbers.map((candidates) => trialOf(line + 1, scheme, candidates, line * 0.1)),
    );
  return Array.from({ length: runs }, (_, run) => runOf(`run ${run}`, trials));
}

function svgOf(chart: Chart, runs: readonly ChartRun[], width = 840): string {
  const drawing = chart.draw(runs, width);
  if (drawing === null) throw new Error(`nothing is drawn of ${chart.id}`);
  return chartSvg(drawing, width, chart.id).text;
}

function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) => text);
}

interface Axis {
  readonly type: string;
  readonly min?: number;
  readonly max?: number;
}

/** The part of an option that shows where marks are. */
interface Option {
  readonly xAxis: readonly Axis[];
  readonly yAxis: readonly Axis[];
  readonly series: readonly {
    readonly type: string;
    readonly xAxisIndex: number;
    readonly data: readonly (readonly number[] | { readonly value: readonly number[] })[];
  }[];
}

/** Names marks that must be inside; lines may run over the edge, and bars begin at it. */
function outside(runs: readonly ChartRun[], chart: (typeof charts)[number], width: number): string[] {
  const drawing = chart.draw(runs, width);
  if (drawing === null) throw new Error(`nothing is drawn of ${chart.id}`);
  const { xAxis, yAxis, series } = drawing.option as unknown as Option;
  const within = (axis: Axis | undefined, value: number | undefined) =>
    axis?.type === "category" ||
    (value !== undefined && value >= (axis?.min ?? Infinity) && value <= (axis?.max ?? -Infinity));
  return series
    .filter(({ type }) => type === "scatter" || type === "custom")
    .flatMap(({ xAxisIndex, data }) =>
      data.flatMap((mark) => {
        const [x, y] = "value" in mark ? mark.value : mark;
        const seen = within(xAxis[xAxisIndex], x) && within(yAxis[xAxisIndex], y);
        return seen ? [] : `${x}, ${y}`;
      }),
    );
}

describe.each([
  [1, 4],
  [2, 4],
  [3, 6],
])("of %i runs with %i schemes each", (runs, schemeCount) => {
  test.each(charts.map((chart) => ({ id: chart.id, chart })))(
    "no mark of $id lies off its axes",
    ({ chart }) => {
      for (const numbers of [[50], [2, 3], [5, 50, 1000]]) {
        for (const width of [360, 920]) {
          expect(outside(runsOf(runs, schemeCount, numbers), chart, width)).toEqual([]);
        }
      }
    },
  );

  test("every failover has its dot, which says its figures, in the drawing of who settled when", () => {
    const drawn = runsOf(runs, schemeCount, [50]);
    const values = drawn.flatMap(({ result }) => result.trials.flatMap(({ failovers }) => failovers));
    for (const width of [360, 920]) {
      const titles = svgOf(settling, drawn, width).match(/<use [^>]*><title>[^<]*<\/title><\/use>/g) ?? [];
      expect(titles).toHaveLength(values.length);
      expect(titles[0]).toMatch(/predecessor.*, failover 1: settled after 2.00 ms/);
    }
  });
});

test("every failover can be opened from each chart that shows single ones, whichever run it is of", () => {
  const runs = runsOf(3, 2, [50]);
  const failovers = runs.flatMap(({ result }, run) =>
    result.trials.flatMap(({ trial, failovers }) =>
      failovers.map(({ failover }) => `${run + 1}.${trial}.${failover}`),
    ),
  );
  for (const chart of [failover, distribution, settling, prediction, course]) {
    const marks = [...svgOf(chart, runs).matchAll(/ data-f="([^"]*)"/g)].map(([, name = ""]) => name);
    expect(marks.sort(), chart.id).toEqual([...failovers].sort());
  }
});

const one = (trials: readonly TrialResult[], growth: readonly SchemeGrowth[] = []): ChartRun => {
  const { name, result } = runOf("one", trials);
  return { name, result: { ...result, analysis: { ...result.analysis, growth: [...growth] } } };
};

test("with one number of candidates, the herd is told in figures beside bars", () => {
  const run = one([trialOf(1, "predecessor", 50, 0), trialOf(2, "leader", 50, 0.2)]);
  expect(textsOf(svgOf(herd, [run]))).toEqual(
    expect.arrayContaining(["Notifications", "predecessor", "leader", "1", "49"]),
  );
  expect(herd.caption([run])).not.toContain("logarithmic");
  expect(settling.caption([run])).not.toContain("logarithmic");
});

test("what follows a rule exactly is called so, and everything else by the power that was fitted", () => {
  const growth = [sampleGrowth({ measure: "notifications", exponent: 1.06, factor: 0.8 })];
  const exact = [5, 50, 500].map((candidates, index) => trialOf(index + 1, "leader", candidates, 0.2));
  expect(herd.caption([one(exact)])).toContain("logarithmic");
  const told = textsOf(svgOf(herd, [one(exact, growth)]));
  expect(told).toContain("= N − 1");
  expect(told.join()).not.toContain("∝");
  const [first, ...others] = exact;
  if (first === undefined) throw new Error("no trial");
  const summary = { ...first.summary, notificationsPerFailover: 4.1 };
  const inexact = textsOf(svgOf(herd, [one([{ ...first, summary }, ...others], growth)]));
  expect(inexact).toContain("∝ N¹·⁰⁶");
});

test("the bar of a failover's phases stands beside the median of the whole", () => {
  const trial = trialOf(1, "predecessor", 50, 0);
  const summary = { ...trial.summary, failoverMs: sampleStatistics({ p50: 9.87 }) };
  expect(textsOf(svgOf(phases, [one([{ ...trial, summary }])]))).toContain("9.87");
});

test("an axis has figures even if there is a single value", () => {
  const trial = trialOf(1, "predecessor", 50, 0);
  const failovers = trial.failovers.slice(0, 1);
  for (const totalMs of [0.3, 3.3, 39, 4100]) {
    const values = failovers.map((only) => ({ ...only, totalMs, settledMs: totalMs }));
    const single = one([{ ...trial, failovers: values }]);
    for (const chart of [failover, distribution, settling, course]) {
      const figures = textsOf(svgOf(chart, [single])).filter((text) => /^[\d.]+$/.test(text));
      expect(figures.length, `${chart.id} of ${totalMs} ms`).toBeGreaterThan(2);
    }
  }
});

test("no dot is paler than its colour, filled or hollow", () => {
  const runs = [1, 2].map(() => one([trialOf(1, "predecessor", 50, 0)]));
  for (const chart of [failover, herd, settling, course, prediction]) {
    const [looks = ""] = svgOf(chart, runs).match(/<defs>.*?<\/defs>/s) ?? [];
    expect(looks, chart.id).not.toMatch(/opacity="0?\./);
  }
});

test("numbers of trials stand clear of each other on a narrow screen", () => {
  const trials = Array.from({ length: 20 }, (_, index) => trialOf(index + 1, "predecessor", 50, 0));
  const svg = svgOf(course, [one(trials)], 340);
  const places = [...svg.matchAll(/<text[^>]*translate\(([\d.]+) 4[^>]*>\d+<\/text>/g)].map(([, x]) =>
    Number(x),
  );
  expect(places.length).toBeGreaterThan(5);
  const gaps = places.slice(1).map((x, index) => x - (places[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(16);
});

test("three runs have three marks", () => {
  const runs = [1, 2, 3].map(() => one([trialOf(1, "predecessor", 50, 0)]));
  const cloud = svgOf(settling, runs);
  const used = [...cloud.matchAll(/<use href="#([^"]*)"/g)].map(([, name]) => name);
  expect(new Set(used).size).toBe(3);
});

test("a row of predictions is equally high in every panel", () => {
  const freeze = { ...trialOf(3, "leader", 50, 0.1), fault: "freeze" as const };
  const trials = [trialOf(1, "predecessor", 50, 0), trialOf(2, "leader", 50, 0.1), freeze];
  const bands = [...svgOf(prediction, [one(trials)]).matchAll(/<path d="([^"]*)" fill="var\(--band\)"/g)];
  const heights = bands.map(([, path = ""]) => path.match(/l0 ([\d.]+)/)?.[1]);
  expect(heights).toHaveLength(3);
  expect(new Set(heights).size).toBe(1);
});

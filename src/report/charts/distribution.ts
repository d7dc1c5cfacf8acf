/** The distribution of failover times, trial by trial. */
import type { LineSeriesOption } from "echarts";
import { sameConditions } from "../../history/conditions.ts";
import { failoverText } from "../address.ts";
import { lookOf, runLookOf } from "../scheme-style.ts";
import { milliseconds } from "../wording.ts";
import type { Chart, ChartRun } from "./chart.ts";
import { across, drawingOf, frameOf, scaleOf, tick, upwards } from "./frame.ts";
import { panelsOf, type Sample, sampleName, samplesOf, totalsOf } from "./samples.ts";

export const distribution: Chart = {
  id: "distribution",
  title: "Distribution of failover time",
  caption: () =>
    "For each time on the horizontal axis, the share of failovers that were done by then: a line further to the left is faster, a steeper one steadier; shapes mark the quartiles. Panels of one fault share their scale.",
  key: "schemes",
  draw(runs, width) {
    const samples = samplesOf(runs).filter(({ trial }) => trial.summary.failoverMs !== null);
    if (samples.length === 0) return null;
    const panels = panelsOf(samples, "candidates");
    const titles = panels.map(({ title }) => ({ text: title, unit: "share of failovers done" }));
    const frame = frameOf(titles, width, 180, 2, { left: 46, right: 18, bottom: 58 });
    return drawingOf(
      frame,
      panels.map((panel, index) => {
        const { scale, ticks } = scaleOf(
          samples
            .filter(({ trial }) => sameConditions(trial, panel.conditions, "candidates"))
            .flatMap(({ trial }) => totalsOf(trial)),
        );
        return {
          x: across(index, scale, { name: "failover, ms", ticks, text: tick }),
          y: upwards(
            index,
            { type: "value", min: 0, max: 1 },
            {
              ticks: [0, 0.25, 0.5, 0.75, 1],
              text: (value) => `${value * 100} %`,
            },
          ),
          series: panel.samples.map((sample) => steps(sample, index, runs)),
        };
      }),
    );
  },
};

function steps(sample: Sample, index: number, runs: readonly ChartRun[]): LineSeriesOption {
  const values = sample.trial.failovers
    .flatMap(({ failover, totalMs }) => (totalMs === null ? [] : { failover, value: totalMs }))
    .sort((a, b) => a.value - b.value);
  const { colour, outline } = lookOf(sample.trial.scheme);
  const { hollow, centre, dashes } = runLookOf(sample.run);
  const name = sampleName(sample, runs);
  return {
    type: "line",
    xAxisIndex: index,
    yAxisIndex: index,
    step: "end",
    symbol: `path://${outline}${centre}`,
    symbolSize: 7,
    showAllSymbol: true,
    lineStyle: { color: colour, width: 1.5, type: [...dashes] },
    itemStyle: { color: hollow ? "var(--paper)" : colour, borderColor: colour, borderWidth: 1.2 },
    data: [
      { value: [values[0]?.value ?? 0, 0], name, symbol: "none" },
      ...values.map(({ failover, value }, position) => ({
        value: [value, (position + 1) / values.length],
        // All can be pointed at; the quartiles show the scheme's shape.
        ...(isQuartile(position, values.length) ? {} : { itemStyle: { opacity: 0 } }),
        name: `${name}: ${(((position + 1) / values.length) * 100).toFixed(0)} % within ${milliseconds(value)} ms`,
        opens: failoverText({ run: sample.run, trial: sample.trial.trial }, failover),
      })),
    ],
  };
}

function isQuartile(position: number, count: number): boolean {
  return [0.25, 0.5, 0.75].some((share) => Math.ceil(share * count) === position + 1);
}

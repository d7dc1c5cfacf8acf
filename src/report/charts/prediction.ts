/** Measurements compared with the predictions of ZooKeeper's timing rules. */
import type { CustomSeriesOption, SeriesOption } from "echarts";
import { milliseconds } from "../wording.ts";
import type { Chart, ChartRun } from "./chart.ts";
import { dots, jitter } from "./dots.ts";
import { across, drawingOf, frameOf, linearScale, rowsOf, tick } from "./frame.ts";
import { markName, type Panel, panelsOf, type Sample, sampleName, samplesOf } from "./samples.ts";

export const prediction: Chart = {
  id: "prediction",
  title: "Measured against predicted",
  caption: () =>
    "The grey band is where theory puts the failover time, given the fault, the session timeout and the tick; every dot is one failover, rings lie outside of the band.",
  key: "schemes",
  draw(runs, width) {
    const samples = samplesOf(runs).filter(
      ({ trial }) => trial.prediction !== null && trial.summary.failoverMs !== null,
    );
    if (samples.length === 0) return null;
    const panels = panelsOf(samples, "fault");
    const titles = panels.map(({ title }) => ({ text: title, unit: "scheme · candidates" }));
    const label = (sample: Sample) => `${sampleName(sample, runs)} · ${sample.trial.candidates}`;
    const longest = Math.max(...samples.map((sample) => label(sample).length));
    const left = Math.min(190, 18 + longest * 6.6);
    const rows = Math.max(...panels.map((panel) => panel.samples.length));
    const frame = frameOf(titles, width, 8 + rows * 24, 2, { left, right: 24, bottom: 58 });
    return drawingOf(
      frame,
      panels.map((panel, index) => {
        const look = rowsOf(index, left);
        const { scale, ticks } = linearScale(...extentOf(panel));
        return {
          x: across(index, scale, { name: "failover, ms", ticks, text: tick }),
          y: {
            ...look,
            type: "value" as const,
            min: -0.6,
            // A row is equally high in all panels.
            max: rows - 0.4,
            splitLine: { show: false },
            axisLabel: {
              ...look.axisLabel,
              customValues: panel.samples.map((_, row) => row),
              formatter: (row: number) => {
                const sample = panel.samples[row];
                return sample === undefined ? "" : label(sample);
              },
            },
          },
          series: panel.samples.flatMap((sample, row): SeriesOption[] => [
            band(sample, index, row),
            cloud(sample, index, row, runs),
          ]),
        };
      }),
    );
  },
};

function extentOf({ samples }: Panel): [low: number, high: number] {
  const values = samples.flatMap(({ trial }) => [
    ...trial.failovers.flatMap(({ totalMs }) => totalMs ?? []),
    ...(trial.prediction === null ? [] : [trial.prediction.failoverMs.low, trial.prediction.failoverMs.high]),
  ]);
  return [Math.min(...values), Math.max(...values)];
}

const HALF = 0.36;

function band({ trial }: Sample, index: number, row: number): CustomSeriesOption {
  const { low, high } = trial.prediction?.failoverMs ?? { low: 0, high: 0 };
  return {
    type: "custom",
    xAxisIndex: index,
    yAxisIndex: index,
    clip: true,
    z: 0,
    data: [{ value: [low, row], name: `predicted: ${milliseconds(low)} to ${milliseconds(high)} ms` }],
    renderItem: (_, api) => {
      const [x = 0, y = 0] = api.coord([low, row - HALF]);
      const [right = 0, foot = 0] = api.coord([high, row + HALF]);
      return {
        type: "rect",
        shape: { x, y: Math.min(y, foot), width: right - x, height: Math.abs(foot - y) },
        style: { fill: "var(--band)" },
      };
    },
  };
}

function cloud(sample: Sample, index: number, row: number, runs: readonly ChartRun[]): SeriesOption {
  const outside = new Set(sample.trial.prediction?.outside);
  const values = sample.trial.failovers.flatMap(({ totalMs, failover }, number) => {
    if (totalMs === null) return [];
    const where = outside.has(failover) ? "outside of the band" : "inside the band";
    return {
      at: [totalMs, row + jitter(number) * HALF] as const,
      name: `${markName(sample, runs, failover)}: ${milliseconds(totalMs)} ms, ${where}`,
      marked: outside.has(failover),
      failover,
    };
  });
  return dots(sample, index, values, 6);
}

/** The run from its beginning to its end: does the failover time drift, and when did something disturb it? */
import type { CustomSeriesOption, SeriesOption } from "echarts";
import { drawingOf } from "./base.ts";
import type { Chart, ChartRun } from "./chart.ts";
import { dots, isOutlier, tellOf } from "./dots.ts";
import { across, frameOf, linearScale, scaleOf, tick, upwards } from "./frame.ts";
import { type Sample, sampleName, samplesOf, totalsOf } from "./samples.ts";

export const course: Chart = {
  id: "course",
  title: "Failover time over the course of the run",
  caption: () =>
    "Every failover at the time of its fault; each tick at the foot is a fault, a vertical line begins a trial (its number above; some are left out where they stand too close), and trials of different schemes take turns. Rings are outliers, a cross above a dot means that a warning names that failover.",
  key: "schemes",
  draw(runs, width) {
    const samples = samplesOf(runs);
    const panels = runs
      .map(({ name }, run) => ({
        name,
        samples: samples.filter((sample) => sample.run === run && timed(sample)),
      }))
      .filter((panel) => panel.samples.length > 0);
    if (panels.length === 0) return null;
    const titles = panels.map(({ name }) => ({ text: runs.length > 1 ? name : "", unit: "failover, ms" }));
    const frame = frameOf(titles, width, 220, 1, { left: 46, right: 18, bottom: 58 });
    const { scale, ticks } = scaleOf(
      panels.flatMap((panel) => panel.samples.flatMap(({ trial }) => totalsOf(trial))),
    );
    return drawingOf(
      frame,
      panels.map((panel, index) => {
        const times = panel.samples.flatMap(({ trial }) => trial.failovers.map(({ atMs }) => atMs / 1000));
        const span = linearScale(Math.min(0, ...times), Math.max(...times));
        return {
          x: across(index, span.scale, {
            name: "seconds since the run began",
            ticks: span.ticks,
            text: tick,
          }),
          y: upwards(index, scale, { ticks, text: tick }),
          series: [
            faults(panel.samples, index),
            ...beginnings(panel.samples).map((sample) => beginning(sample, index)),
            ...panel.samples.flatMap((sample) => trial(sample, index, runs)),
          ],
        };
      }),
    );
  },
};

/** Trials that begin far enough from the previous one for a line and a number. */
function beginnings(samples: readonly Sample[]): Sample[] {
  const at = ({ trial }: Sample) => trial.failovers[0]?.atMs ?? 0;
  const inOrder = samples.toSorted((a, b) => at(a) - at(b));
  const end = Math.max(...samples.flatMap(({ trial }) => trial.failovers.map(({ atMs }) => atMs)));
  let last = Number.NEGATIVE_INFINITY;
  return inOrder.filter((sample) => {
    if (at(sample) - last < end / 40) return false;
    last = at(sample);
    return true;
  });
}

function timed({ trial }: Sample): boolean {
  return totalsOf(trial).length > 0;
}

function trial(sample: Sample, index: number, runs: readonly ChartRun[]): SeriesOption[] {
  const warned = new Map(
    sample.trial.warnings.flatMap(({ failovers, message }) =>
      failovers.map((failover) => [failover, message]),
    ),
  );
  const name = sampleName(sample, runs);
  const points = sample.trial.failovers.flatMap((failover) => {
    const { atMs, totalMs } = failover;
    if (totalMs === null) return [];
    const message = warned.get(failover.failover);
    return {
      at: [atMs / 1000, totalMs] as const,
      name: `${tellOf(sample, name, failover, totalMs)}${message === undefined ? "" : ` (${message})`}`,
      marked: isOutlier(sample, failover),
      warned: message !== undefined,
    };
  });
  return [
    // The panels here are the runs, so none needs to be hollow.
    dots({ ...sample, run: 0 }, index, points, 6),
    {
      type: "scatter",
      xAxisIndex: index,
      yAxisIndex: index,
      symbol: "path://M0 0L10 10M10 0L0 10",
      symbolSize: 5,
      symbolOffset: [0, -11],
      itemStyle: { color: "none", borderColor: "var(--warn)", borderWidth: 1.6 },
      data: points.filter((point) => point.warned).map(({ at }) => [...at]),
    },
  ];
}

function faults(samples: readonly Sample[], index: number): CustomSeriesOption {
  return {
    type: "custom",
    xAxisIndex: index,
    yAxisIndex: index,
    clip: true,
    data: samples.flatMap(({ trial }) =>
      trial.failovers.map(({ atMs, totalMs }) => [atMs / 1000, totalMs ?? 1]),
    ),
    renderItem: (params, api) => {
      const x = api.coord([Number(api.value(0)), Number(api.value(1))])[0] ?? 0;
      const foot = footOf(params.coordSys);
      return {
        type: "line",
        shape: { x1: x, x2: x, y1: foot, y2: foot - 6 },
        style: { stroke: "var(--muted)", lineWidth: 1 },
      };
    },
  };
}

function beginning({ trial }: Sample, index: number): CustomSeriesOption {
  const first = trial.failovers[0];
  return {
    type: "custom",
    xAxisIndex: index,
    yAxisIndex: index,
    data: first === undefined ? [] : [[first.atMs / 1000, first.totalMs ?? 1]],
    renderItem: (params, api) => {
      const x = Math.round((api.coord([Number(api.value(0)), Number(api.value(1))])[0] ?? 0) - 4) + 0.5;
      const foot = footOf(params.coordSys);
      const top = topOf(params.coordSys);
      if (!within(params.coordSys, x)) return null;
      return {
        type: "group",
        children: [
          {
            type: "line",
            shape: { x1: x, x2: x, y1: foot, y2: top },
            style: { stroke: "var(--line)", lineWidth: 1 },
          },
          {
            type: "text",
            style: {
              text: String(trial.trial),
              x: x + 3,
              y: top - 2,
              verticalAlign: "bottom",
              fill: "var(--muted)",
              fontSize: 12,
            },
          },
        ],
      };
    },
  };
}

/** A grid's place as ECharts reports it, in a type that does not depend on grids. */
function placeOf(grid: object): { x: number; y: number; width: number; height: number } {
  const { x, y, width, height } = grid as Record<string, unknown>;
  return { x: Number(x), y: Number(y), width: Number(width), height: Number(height) };
}

function footOf(grid: object): number {
  const { y, height } = placeOf(grid);
  return y + height;
}

function topOf(grid: object): number {
  return placeOf(grid).y;
}

function within(grid: object, x: number): boolean {
  const place = placeOf(grid);
  return x >= place.x - 5 && x <= place.x + place.width;
}

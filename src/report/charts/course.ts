/** The run from its beginning to its end: does the failover time drift, and when did something disturb it? */
import type { SeriesOption } from "echarts";
import type { Chart, ChartRun } from "./chart.ts";
import { dots, isOutlier, tellOf } from "./dots.ts";
import { across, drawingOf, frameOf, linearScale, type Scale, scaleOf, tick, upwards } from "./frame.ts";
import { type Sample, samplesOf, totalsOf } from "./samples.ts";

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
            faults(panel.samples, index, scale.min),
            ...beginnings(panel.samples, width).map((sample) => beginning(sample, index, scale)),
            ...panel.samples.flatMap((sample) => trial(sample, index, runs)),
          ],
        };
      }),
    );
  },
};

/** Room for a line and a number. */
const APART = 22;

/** Trials that begin far enough from the previous one. */
function beginnings(samples: readonly Sample[], width: number): Sample[] {
  const at = ({ trial }: Sample) => trial.failovers[0]?.atMs ?? 0;
  const inOrder = samples.toSorted((a, b) => at(a) - at(b));
  const end = Math.max(...samples.flatMap(({ trial }) => trial.failovers.map(({ atMs }) => atMs)));
  let last = Number.NEGATIVE_INFINITY;
  return inOrder.filter((sample) => {
    if (at(sample) - last < (end * APART) / width) return false;
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
  const points = sample.trial.failovers.flatMap((failover) => {
    const { atMs, totalMs } = failover;
    if (totalMs === null) return [];
    const message = warned.get(failover.failover);
    return {
      at: [atMs / 1000, totalMs] as const,
      name: `${tellOf(sample, runs, failover, totalMs)}${message === undefined ? "" : ` (${message})`}`,
      marked: isOutlier(sample, failover),
      warned: message !== undefined,
      failover: failover.failover,
    };
  });
  return [
    // The panels here are the runs, so none needs to be hollow.
    dots(sample, index, points, 6, 0),
    {
      type: "scatter",
      xAxisIndex: index,
      yAxisIndex: index,
      symbol: "path://M0 0L10 10M10 0L0 10",
      symbolSize: 5,
      symbolOffset: [0, -11],
      itemStyle: { color: "none", borderColor: "var(--warn)", borderWidth: 1.6, opacity: 1 },
      data: points.filter((point) => point.warned).map(({ at }) => [...at]),
    },
  ];
}

/** Each fault as a tick at the foot. */
function faults(samples: readonly Sample[], index: number, foot: number): SeriesOption {
  return {
    type: "scatter",
    xAxisIndex: index,
    yAxisIndex: index,
    symbol: "rect",
    symbolSize: [1, 6],
    symbolOffset: [0, -3],
    itemStyle: { color: "var(--muted)", opacity: 1 },
    data: samples.flatMap(({ trial }) => trial.failovers.map(({ atMs }) => [atMs / 1000, foot])),
  };
}

/** A line from the foot to the top, with the trial's number above it. */
function beginning({ trial }: Sample, index: number, { min, max }: Scale): SeriesOption {
  const at = (trial.failovers[0]?.atMs ?? 0) / 1000;
  const number = { show: true, formatter: String(trial.trial), color: "var(--muted)", fontSize: 12 };
  return {
    type: "line",
    xAxisIndex: index,
    yAxisIndex: index,
    symbol: "none",
    z: 0,
    lineStyle: { color: "var(--line)", width: 1 },
    endLabel: { ...number, distance: 0, offset: [3, -8] },
    data: [
      [at, min],
      [at, max],
    ],
  };
}

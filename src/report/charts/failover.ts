/** Every single failover time as a dot, with boxes of their quartiles. */
import type { CustomSeriesOption, SeriesOption } from "echarts";
import { quantile } from "simple-statistics";
import { medianInterval } from "../../metrics/statistics.ts";
import { lookOf } from "../scheme-style.ts";
import { milliseconds } from "../wording.ts";
import type { Chart, ChartRun } from "./chart.ts";
import { dots, isOutlier, jitter, tellOf } from "./dots.ts";
import { across, drawingOf, frameOf, scaleOf, tick, upwards } from "./frame.ts";
import {
  candidatesOf,
  linesOf,
  markName,
  type Panel,
  panelsOf,
  type Sample,
  samplesOf,
  totalsOf,
} from "./samples.ts";

export const failover: Chart = {
  id: "failover",
  title: "Failover time by scheme",
  caption: () =>
    "Every dot is one failover; the box spans the middle half, its line is the median (with its figure where there is room), and the shade around the line is the median’s 95 % interval, where there are enough. Rings are outliers: marked, not dropped.",
  key: "schemes",
  draw(runs, width) {
    const samples = samplesOf(runs).filter(({ trial }) => trial.summary.failoverMs !== null);
    if (samples.length === 0) return null;
    const panels = panelsOf(samples, "fault");
    const titles = panels.map(({ title }) => ({ text: title, unit: "failover, ms" }));
    const frame = frameOf(titles, width, 300, 2, { left: 46, right: SIDES - 46, bottom: 54 });
    const drawn = panels.map((panel, index) => draw(panel, index, runs, width / frame.columns - SIDES));
    return drawingOf(frame, drawn);
  },
};

/** The share of the room between two numbers of candidates that the schemes use. */
const ROOM = 0.86;
/** Wider boxes would not say more. */
const WIDEST = 84;
const SIDES = 60;

function draw({ samples }: Panel, index: number, runs: readonly ChartRun[], width: number) {
  const numbers = candidatesOf(samples);
  const lines = linesOf(samples);
  const slot = Math.min(ROOM / lines.length, (WIDEST * numbers.length) / width);
  // Where boxes are narrow, so are the dots in them.
  const size = Math.max(3, Math.min(5, (0.4 * slot * width) / numbers.length));
  const series = lines.flatMap((line, position) =>
    line.samples.flatMap((sample): SeriesOption[] => {
      const x = numbers.indexOf(sample.trial.candidates) + (position - (lines.length - 1) / 2) * slot;
      return [cloud(sample, index, x, slot, size, runs), box(sample, index, x, slot, markName(sample, runs))];
    }),
  );
  const { scale, ticks } = scaleOf(samples.flatMap(({ trial }) => totalsOf(trial)));
  return {
    x: across(
      index,
      { type: "value", min: -0.5, max: numbers.length - 0.5 },
      {
        name: "candidates",
        ticks: numbers.map((_, position) => position),
        text: (value) => String(numbers[value] ?? ""),
      },
    ),
    y: upwards(index, scale, { ticks, text: tick }),
    series,
  };
}

function cloud(
  sample: Sample,
  index: number,
  x: number,
  slot: number,
  size: number,
  runs: readonly ChartRun[],
): SeriesOption {
  const values = sample.trial.failovers.flatMap((failover, number) =>
    failover.totalMs === null
      ? []
      : {
          at: [x - slot * 0.16 + jitter(number) * slot * 0.4, failover.totalMs] as const,
          name: tellOf(sample, runs, failover, failover.totalMs),
          marked: isOutlier(sample, failover),
          failover: failover.failover,
        },
  );
  return dots(sample, index, values, size);
}

/** Quartiles as an outline, so that the dots stay visible. */
function box(sample: Sample, index: number, x: number, slot: number, name: string): CustomSeriesOption {
  const values = totalsOf(sample.trial);
  const statistics = sample.trial.summary.failoverMs;
  const median = statistics?.p50 ?? quantile(values, 0.5);
  const interval = statistics === null ? null : medianInterval(statistics);
  const [low, high] = interval ?? [median, median];
  const certainty =
    interval === null ? "" : `, 95 % interval ${milliseconds(low)} to ${milliseconds(high)} ms`;
  const { colour } = lookOf(sample.trial.scheme);
  return {
    type: "custom",
    xAxisIndex: index,
    yAxisIndex: index,
    clip: true,
    z: 3,
    data: [
      {
        value: [x, quantile(values, 0.25), median, quantile(values, 0.75), low, high],
        name: `${name}: median ${milliseconds(median)} ms${certainty}, of ${values.length}`,
      },
    ],
    encode: { x: 0, y: [1, 2, 3, 4, 5] },
    renderItem: (_, api) => {
      const y = (dimension: number) => api.coord([x, Number(api.value(dimension))])[1] ?? 0;
      const from = api.coord([x - slot * 0.4, median])[0] ?? 0;
      const to = api.coord([x + slot * 0.08, median])[0] ?? 0;
      const width = to - from;
      const room = (api.coord([x + slot * 0.6, median])[0] ?? 0) - to;
      const rect = (top: number, height: number, style: object) =>
        ({ type: "rect", shape: { x: from, y: top, width, height }, style }) as const;
      const place = {
        x: to + 4,
        y: y(2),
        verticalAlign: "middle",
        fill: "var(--ink)",
        fontSize: 12,
      } as const;
      return {
        type: "group",
        children: [
          rect(y(3), y(1) - y(3), { fill: "none", stroke: colour, lineWidth: 1 }),
          rect(y(5), Math.max(1, y(4) - y(5)), { fill: colour, opacity: 0.22 }),
          rect(y(2) - 1.25, 2.5, { fill: colour }),
          ...(room < 32 ? [] : [{ type: "text" as const, style: { ...place, text: milliseconds(median) } }]),
        ],
      };
    },
  };
}

/** The herd: the cost of one failover for everybody else, and how it grows with the candidates. */
import type { SeriesOption } from "echarts";
import { median } from "simple-statistics";
import type { SchemeGrowth } from "../../metrics/analysis.ts";
import { count } from "../wording.ts";
import { drawingOf } from "./base.ts";
import type { Chart, ChartRun } from "./chart.ts";
import { dots } from "./dots.ts";
import { across, frameOf, logScale, tick, upwards } from "./frame.ts";
import { beside, candidatesScale, expected, fitLines, fitsOf } from "./growth-lines.ts";
import {
  candidatesOf,
  growing,
  linesOf,
  type Panel,
  panelsOf,
  type Sample,
  sampleName,
  samplesOf,
} from "./samples.ts";

interface Measure {
  readonly title: string;
  readonly unit: string;
  readonly growth: SchemeGrowth["measure"] | null;
  /** Whether the rules say 1, or all remaining candidates. */
  readonly bounded: boolean;
  of(sample: Sample): number | null;
}

const measures: readonly Measure[] = [
  {
    title: "Notifications",
    unit: "notifications",
    growth: "notifications",
    bounded: true,
    of: ({ trial }) => trial.summary.notificationsPerFailover,
  },
  {
    title: "Reads of the list",
    unit: "reads",
    growth: null,
    bounded: true,
    of: ({ trial }) => trial.summary.readsPerFailover,
  },
  {
    title: "Bytes the server answers",
    unit: "bytes",
    growth: "responseBytes",
    bounded: false,
    of: ({ trial }) => {
      const values = trial.failovers.flatMap(({ server }) => server?.responseBytes ?? []);
      return values.length === 0 ? null : median(values);
    },
  },
];

export const herd: Chart = {
  id: "herd",
  title: "The herd: cost per failover against the number of candidates",
  caption:
    "Both axes are logarithmic: a horizontal line does not grow, one that rises by a decade per decade grows in proportion to N, twice as steep with its square. Dotted: what the rules let one expect, 1 or N − 1; ∝ N to a power is the fitted growth. Shapes that coincide are set a little apart.",
  key: "schemes",
  zoom: "xy",
  draw(runs, width) {
    const samples = samplesOf(runs).filter(({ trial }) => trial.summary.notificationsPerFailover !== null);
    if (samples.length === 0) return null;
    const faults = growing(panelsOf(samples, "fault"));
    const cells = faults.flatMap((panel) =>
      measures
        .filter((measure) => panel.samples.some((sample) => measure.of(sample) !== null))
        .map((measure) => ({ panel, measure })),
    );
    const several = faults.length > 1;
    const titles = cells.map(({ panel, measure }) => ({
      text: measure.title,
      unit: `${measure.unit} per failover${several ? ` · ${panel.title}` : ""}`,
    }));
    const frame = frameOf(titles, width, 210, several ? 2 : 3, { left: 44, right: 62, bottom: 58 });
    const drawn = cells.map(({ panel, measure }, index) => draw(panel, measure, index, runs));
    return drawingOf(frame, drawn);
  },
};

/** The place of zero on an axis that has none. */
const ZERO = 0.1;
const APART = 0.05;

function draw(panel: Panel, measure: Measure, index: number, runs: readonly ChartRun[]) {
  const numbers = candidatesOf(panel.samples);
  const lines = linesOf(panel.samples);
  const values = panel.samples.flatMap((sample) => measure.of(sample) ?? []);
  const lowest = Math.max(ZERO, Math.min(...values, ...(measure.bounded ? [1] : [])));
  const highest = Math.max(
    ...values,
    ...(measure.bounded ? numbers.map((candidates) => candidates - 1) : []),
    2,
  );
  const { scale, ticks } = logScale(lowest, highest);
  // With few ticks, the lines stand out.
  const decades = ticks.length > 5 ? ticks.filter((value) => Number.isInteger(Math.log10(value))) : ticks;
  const series = lines.flatMap((line, position): SeriesOption[] =>
    line.samples.map((sample) => {
      const value = measure.of(sample);
      const x = sample.trial.candidates * beside(position, lines.length, APART);
      const name = `${sampleName(sample, runs)}, ${sample.trial.candidates} candidates: ${count(value ?? 0)} ${measure.unit} per failover`;
      const at = [x, Math.max(ZERO, value ?? 0)] as const;
      return dots(sample, index, value === null ? [] : [{ at, name, marked: false }], 9);
    }),
  );
  const fits = measure.growth === null || numbers.length < 2 ? [] : fitsOf(runs, measure.growth, panel);
  return {
    x: across(index, candidatesScale(numbers), { name: "candidates, N", ticks: numbers, text: tick }),
    y: upwards(
      index,
      { ...scale, max: scale.max * 1.2 },
      {
        ticks: decades,
        text: (value) => (value === ZERO ? "0" : tick(value)),
      },
    ),
    series: [
      ...(measure.bounded
        ? [
            expected(index, numbers, "1", () => 1),
            ...(Math.max(...values) > 2
              ? [expected(index, numbers, "N − 1", (candidates) => Math.max(1, candidates - 1))]
              : []),
          ]
        : []),
      ...fitLines(fits, index, numbers),
      ...series,
    ],
  };
}

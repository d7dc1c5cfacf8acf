/**
 * The herd: the cost of one failover for everybody else. With several numbers of candidates it is shown how the
 * cost grows, with one only how large it is.
 */
import type { BarSeriesOption, SeriesOption } from "echarts";
import { median } from "simple-statistics";
import type { SchemeGrowth } from "../../metrics/analysis.ts";
import { lookOf, runLookOf } from "../scheme-style.ts";
import { count } from "../wording.ts";
import type { Chart, ChartRun } from "./chart.ts";
import { dots } from "./dots.ts";
import {
  across,
  barsFor,
  drawingOf,
  frameOf,
  linearScale,
  logScale,
  namedRows,
  roomFor,
  tick,
  upwards,
} from "./frame.ts";
import {
  beside,
  candidatesScale,
  fittedGrowth,
  type Growth,
  type GrowthLine,
  growthLines,
} from "./growth-lines.ts";
import {
  candidatesOf,
  growing,
  grows,
  linesOf,
  markName,
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
  /** The rules that schemes promise to keep. */
  readonly rules: readonly Growth[];
  of(sample: Sample): number | null;
}

const rules: readonly Growth[] = [
  { label: "1", of: () => 1 },
  { label: "N − 1", of: (candidates) => Math.max(1, candidates - 1) },
];

const measures: readonly Measure[] = [
  {
    title: "Notifications",
    unit: "notifications",
    growth: "notifications",
    rules,
    of: ({ trial }) => trial.summary.notificationsPerFailover,
  },
  {
    title: "Reads of the list",
    unit: "reads",
    growth: null,
    rules,
    of: ({ trial }) => trial.summary.readsPerFailover,
  },
  {
    title: "Bytes the server answers",
    unit: "bytes",
    growth: "responseBytes",
    rules: [],
    of: ({ trial }) => {
      const values = trial.failovers.flatMap(({ server }) => server?.responseBytes ?? []);
      return values.length === 0 ? null : median(values);
    },
  },
];

interface Cell {
  readonly panel: Panel;
  readonly measure: Measure;
}

export const herd: Chart = {
  id: "herd",
  title: "The herd: what one failover costs",
  caption: (runs) =>
    grows(panelsFor(runs))
      ? "Both axes are logarithmic: a horizontal line does not grow, one that rises by a decade per decade grows in proportion to N, twice as steep with its square. Dotted: what the rules let one expect, 1 or N − 1; “= N − 1” beside a line says that every trial kept to it, ∝ N to a power is the fitted growth. Shapes that coincide are set a little apart."
      : "Who is woken, how often the list is read, and what the servers send for it, each per failover and on a scale of its own. At best one is woken, and N − 1 where all watch the same.",
  key: "schemes",
  draw(runs, width) {
    const faults = panelsFor(runs);
    if (faults.length === 0) return null;
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
    if (grows(faults)) {
      const frame = frameOf(titles, width, HEIGHT, several ? 2 : 3, { left: 44, right: 62, bottom: 58 });
      return drawingOf(
        frame,
        cells.map((cell, index) => curves(cell, index, runs)),
      );
    }
    const { left, columns } = roomFor(faults, runs, width);
    const rows = Math.max(...faults.map(({ samples }) => samples.length));
    const frame = frameOf(titles, width, 12 + rows * 26, columns, { left, right: 64, bottom: 24 });
    return drawingOf(
      frame,
      cells.map((cell, index) => bars(cell, index, runs, left)),
    );
  },
};

function panelsFor(runs: readonly ChartRun[]): readonly Panel[] {
  const samples = samplesOf(runs).filter(({ trial }) => trial.summary.notificationsPerFailover !== null);
  return growing(panelsOf(samples, "fault"));
}

function nameOf(sample: Sample, { unit }: Measure, value: number | null, runs: readonly ChartRun[]): string {
  return `${markName(sample, runs)}: ${count(value ?? 0)} ${unit} per failover`;
}

function bars({ panel: { samples }, measure }: Cell, index: number, runs: readonly ChartRun[], left: number) {
  const { scale } = linearScale(0, Math.max(1, ...samples.map((sample) => measure.of(sample) ?? 0)));
  const series: BarSeriesOption = {
    ...barsFor(index),
    label: { show: true, position: "right", color: "var(--ink)", fontSize: 13 },
    data: samples.map((sample) => {
      const value = measure.of(sample);
      const { colour } = lookOf(sample.trial.scheme);
      const { hollow } = runLookOf(sample.run);
      return {
        value: value ?? 0,
        name: nameOf(sample, measure, value, runs),
        label: { formatter: value === null ? "unknown" : count(value) },
        itemStyle: { color: hollow ? "var(--paper)" : colour, borderColor: colour, borderWidth: 1 },
      };
    }),
  };
  return {
    x: { ...across(index, scale, {}), show: false },
    y: namedRows(
      index,
      left,
      samples.map((sample) => sampleName(sample, runs)),
    ),
    series: [series],
  };
}

/** The place of zero on an axis that has none. */
const ZERO = 0.1;
const HEIGHT = 210;
const APART = 0.05;

function curves({ panel, measure }: Cell, index: number, runs: readonly ChartRun[]) {
  const numbers = candidatesOf(panel.samples);
  const lines = linesOf(panel.samples);
  const promised = measure.rules.flatMap(({ of }) => numbers.map(of));
  const values = [...panel.samples.flatMap((sample) => measure.of(sample) ?? []), ...promised];
  const { scale, ticks } = logScale(Math.max(ZERO, Math.min(...values)), Math.max(...values, 2));
  const roomy = { ...scale, max: scale.max * 1.2 };
  // With few ticks, the lines stand out.
  const decades = ticks.length > 5 ? ticks.filter((value) => Number.isInteger(Math.log10(value))) : ticks;
  const clouds = lines.flatMap((line, position): SeriesOption[] =>
    line.samples.map((sample) => {
      const value = measure.of(sample);
      const x = sample.trial.candidates * beside(position, lines.length, APART);
      const at = [x, Math.max(ZERO, value ?? 0)] as const;
      const name = nameOf(sample, measure, value, runs);
      return dots(sample, index, value === null ? [] : [{ at, name, marked: false, failover: null }], 9);
    }),
  );
  const growths = lines.flatMap((line): GrowthLine[] => {
    const kept = measure.rules.find(({ of }) =>
      line.samples.every((sample) => measure.of(sample) === of(sample.trial.candidates)),
    );
    if (kept !== undefined) return [{ line, label: `= ${kept.label}`, of: kept.of }];
    const fitted = measure.growth === null ? null : fittedGrowth(runs, measure.growth, panel, line);
    return fitted === null ? [] : [{ line, ...fitted }];
  });
  // Nobody needs to be told what to expect where a line follows it.
  const open = measure.rules
    .filter(({ of }) => !growths.some((growth) => growth.of === of))
    .map((rule): GrowthLine => ({ line: null, ...rule }));
  return {
    x: across(index, candidatesScale(numbers), { name: "candidates, N", ticks: numbers, text: tick }),
    y: upwards(index, roomy, { ticks: decades, text: (value) => (value === ZERO ? "0" : tick(value)) }),
    series: [...growthLines([...growths, ...open], index, numbers, roomy, HEIGHT), ...clouds],
  };
}

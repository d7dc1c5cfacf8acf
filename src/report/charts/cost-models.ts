/** A figure by the number of candidates: measured, fitted, and foretold far beyond. */
import type { LineSeriesOption, ScatterSeriesOption, SeriesOption } from "echarts";
import { conditionsOfModel, figureOf, modelKey, quantity, titleOf } from "../../export/growth-text.ts";
import { type AxisName, conditionWords, grownAxes, toldOf } from "../../history/conditions.ts";
import type { CostModel } from "../../metrics/forecast.ts";
import { groupsOf } from "../../metrics/groups.ts";
import { type GrowingFigureName, growingFigureNames } from "../../metrics/growing-figures.ts";
import { inOrder, lookOf } from "../scheme-style.ts";
import { count } from "../wording.ts";
import type { Chart, ChartRun } from "./chart.ts";
import { across, drawingOf, frameOf, logScale, type Margins, upwards } from "./frame.ts";

const HEIGHT = 190;
/** The anchors of all charts begin with two characters of their own. */
const FIRST_ID = 10;
const margins: Margins = { left: 74, right: 18, bottom: 56 };

/** A panel for each set of conditions; `null` for several runs, which are compared elsewhere. */
export function costModelChart(runs: readonly ChartRun[], measure: GrowingFigureName): Chart | null {
  const [run, ...others] = runs;
  const models = run?.result.analysis.models?.filter((model) => model.measure === measure) ?? [];
  const [first] = models;
  if (run === undefined || others.length > 0 || first === undefined) return null;
  const { trials } = run.result;
  const grown = grownAxes(trials);
  const told = toldOf(trials).filter((name) => !grown.includes(name));
  return {
    id: `${FIRST_ID + growingFigureNames.indexOf(measure)}-growth`,
    title: titleOf(first),
    caption: () =>
      "Both axes are logarithmic. Marks were measured; a line is the fitted sum of costs, solid as far as was measured and dashed where it is FORETOLD. A hollow mark is what a model foretold that had not seen the measurement at the same N.",
    key: "schemes",
    draw: (_, width) => draw(groupsOf(models, modelKey), told, width),
  };
}

function draw(panels: readonly (readonly CostModel[])[], told: readonly AxisName[], width: number) {
  const titles = panels.flatMap(([model]) =>
    model === undefined ? [] : { text: conditionWords(conditionsOfModel(model), told).join(", "), unit: "" },
  );
  const frame = frameOf(titles, width, HEIGHT, 3, margins);
  return drawingOf(
    frame,
    panels.map((panel, index) => content(panel, index)),
  );
}

function content(models: readonly CostModel[], index: number) {
  const numbers = models.flatMap(({ points }) => points.map(({ candidates }) => candidates));
  const beyond = models.flatMap(({ forecasts }) => forecasts.map(({ candidates }) => candidates));
  const values = models.flatMap(({ points, forecasts, heldOut }) => [
    ...points.flatMap(({ value, fitted }) => [value, fitted]),
    ...[...forecasts, ...heldOut].map(({ foretold }) => foretold),
  ]);
  const across10 = logScale(Math.min(...numbers), Math.max(...numbers, ...beyond));
  const up = logScale(Math.min(...values), Math.max(...values));
  const [first] = models;
  const unit = first === undefined ? "count" : figureOf(first).unit;
  return {
    x: across(index, across10.scale, {
      name: "candidates, N",
      ticks: decades(across10.ticks),
      text: (value) => count(value),
    }),
    y: upwards(index, up.scale, { ticks: few(up.ticks), text: (value) => quantity(value, unit) }),
    series: inOrder(models.map(({ scheme }) => scheme)).flatMap((scheme) =>
      models.filter((model) => model.scheme === scheme).flatMap((model) => seriesOf(model, index)),
    ),
  };
}

function seriesOf(model: CostModel, index: number): SeriesOption[] {
  const { scheme, points, heldOut, forecasts } = model;
  const { colour, outline } = lookOf(scheme);
  const { unit } = figureOf(model);
  const at = { xAxisIndex: index, yAxisIndex: index } as const;
  const marks = (
    data: { value: [number, number]; name: string }[],
    hollow: boolean,
  ): ScatterSeriesOption => ({
    type: "scatter",
    ...at,
    symbol: `path://${outline}`,
    symbolSize: hollow ? 11 : 8,
    z: hollow ? 3 : 2,
    itemStyle: hollow
      ? { color: "transparent", borderColor: colour, borderWidth: 1.4 }
      : { color: colour, borderColor: "var(--paper)", borderWidth: 0.6 },
    data,
  });
  const measured = points.map(({ candidates, value }) => ({
    value: [candidates, value] as [number, number],
    name: `${scheme}, ${count(candidates)} candidates: ${quantity(value, unit)}, measured`,
  }));
  const unseen = heldOut.map(({ candidates, foretold, measured: real }) => ({
    value: [candidates, foretold] as [number, number],
    name: `${scheme}, ${count(candidates)} candidates: ${quantity(foretold, unit)} foretold from the others, ${quantity(real, unit)} measured`,
  }));
  const farthest = Math.max(...points.map(({ candidates }) => candidates));
  const fitted = points.map((point) => [point.candidates, point.fitted]);
  const last = fitted.at(-1);
  const line = (data: readonly (readonly number[])[], dashed: boolean): LineSeriesOption => ({
    type: "line",
    ...at,
    symbol: "none",
    z: 1,
    lineStyle: { color: colour, width: 1.3, type: dashed ? [4, 4] : "solid" },
    data: data.map((point) => [...point]),
  });
  const dashed = forecasts
    .filter(({ candidates }) => candidates > farthest)
    .map(({ candidates, foretold }) => [candidates, foretold]);
  return [
    line(fitted, false),
    line([...(last === undefined ? [] : [last]), ...dashed], true),
    marks(measured, false),
    marks(unseen, true),
  ];
}

function decades(ticks: readonly number[]): number[] {
  return ticks.filter((tick) => Number.isInteger(Math.log10(tick)));
}

const MOST_TICKS = 5;

function few(ticks: readonly number[]): readonly number[] {
  if (ticks.length <= MOST_TICKS) return ticks;
  const tens = decades(ticks);
  const step = Math.ceil(tens.length / MOST_TICKS);
  return tens.length < 2
    ? ticks.filter((_, index) => index % 2 === 0)
    : tens.filter((_, index) => index % step === 0);
}

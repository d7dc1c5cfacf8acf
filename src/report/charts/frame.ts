/** The layout of panels, and the style of their axes: the same in every chart. */
import type {
  GridComponentOption,
  SeriesOption,
  TitleComponentOption,
  XAXisComponentOption,
  YAXisComponentOption,
} from "echarts";
import type { ChartRun, Drawing } from "./chart.ts";
import { type Panel, sampleName } from "./samples.ts";

const NARROW = 560;

export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Frame {
  readonly height: number;
  readonly grid: GridComponentOption[];
  readonly title: TitleComponentOption[];
  readonly columns: number;
}

/** The height of a panel's name, and of its name with a unit below it. */
const NAME_HEIGHT = 26;
const TITLE_HEIGHT = 52;

/** A panel's name, and the quantity of its vertical axis: written above the axis, where readers look first. */
export interface Title {
  readonly text: string;
  readonly unit: string;
}

/** Panels in rows; one below the other on a narrow screen. */
export function frameOf(
  titles: readonly Title[],
  width: number,
  panelHeight: number,
  wide: number,
  margins: Margins,
): Frame {
  const columns = width < NARROW ? 1 : Math.max(1, Math.min(wide, titles.length));
  const columnWidth = width / columns;
  const above = titles.some(({ unit }) => unit !== "") ? TITLE_HEIGHT : NAME_HEIGHT;
  const rowHeight = above + panelHeight + margins.bottom;
  const place = (index: number) => ({
    left: (index % columns) * columnWidth + margins.left,
    top: Math.floor(index / columns) * rowHeight + above,
  });
  return {
    height: Math.ceil(titles.length / columns) * rowHeight,
    columns,
    grid: titles.map((_, index) => ({
      ...place(index),
      width: columnWidth - margins.left - margins.right,
      height: panelHeight,
      outerBoundsMode: "none",
    })),
    title: titles.map(({ text, unit }, index) => ({
      text,
      subtext: unit,
      left: place(index).left - margins.left,
      top: place(index).top - above + (text === "" ? above - 34 : 2),
      padding: 0,
      itemGap: 0,
      textStyle: { color: "var(--ink)", fontSize: 13, fontWeight: 600, lineHeight: 19 },
      subtextStyle: { color: "var(--muted)", fontSize: 12, lineHeight: 17 },
    })),
  };
}

/** The content of one panel; the axes and the series refer to it by its index. */
export interface Content {
  readonly x: XAXisComponentOption;
  readonly y: YAXisComponentOption;
  readonly series: readonly SeriesOption[];
}

/** Panels in their frame, each with its content. */
export function drawingOf(frame: Frame, contents: readonly Content[]): Drawing {
  return {
    height: frame.height,
    option: {
      animation: false,
      grid: frame.grid,
      title: frame.title,
      xAxis: contents.map(({ x }) => x),
      yAxis: contents.map(({ y }) => y),
      series: contents.flatMap(({ series }) => series),
    },
  };
}

const label = { color: "var(--muted)", fontSize: 12 } as const;
const line = { lineStyle: { color: "var(--line)" } } as const;

interface AxisText {
  readonly name?: string;
  readonly ticks?: readonly number[];
  readonly text?: (value: number) => string;
}

/** Parts that both directions share. `ticks` are at meaningful values, not at round distances. */
function looksOf({ ticks, text }: AxisText) {
  const custom = ticks === undefined ? {} : { customValues: [...ticks] };
  return {
    axisLine: { show: true, onZero: false, ...line },
    axisTick: { show: true, length: 4, ...line, ...custom },
    axisLabel: {
      ...label,
      hideOverlap: true,
      ...custom,
      ...(text === undefined ? {} : { formatter: (value: number) => text(value) }),
    },
    nameTextStyle: { ...label },
  };
}

export function across(gridIndex: number, scale: Scale, axis: AxisText): XAXisComponentOption {
  return {
    gridIndex,
    ...scale,
    ...looksOf(axis),
    splitLine: { show: false },
    name: axis.name,
    nameLocation: "middle",
    nameGap: 26,
  } as XAXisComponentOption;
}

export function upwards(gridIndex: number, scale: Scale, axis: AxisText): YAXisComponentOption {
  return {
    gridIndex,
    ...scale,
    ...looksOf(axis),
    axisLine: { show: false, onZero: false },
    axisTick: { show: false, ...(axis.ticks === undefined ? {} : { customValues: [...axis.ticks] }) },
    splitLine: { show: true, ...line },
  } as YAXisComponentOption;
}

/** The room that the names of rows need, and how many panels with them fit beside each other. */
export function roomFor(panels: readonly Panel[], runs: readonly ChartRun[], width: number) {
  const names = panels.flatMap(({ samples }) => samples.map((sample) => sampleName(sample, runs)));
  const left = Math.min(190, 18 + Math.max(...names.map(({ length }) => length)) * 7);
  return { left, columns: Math.min(3, Math.floor(width / (left + 150))) };
}

/** An axis with a name for each row, for bars. */
export function namedRows(gridIndex: number, left: number, names: readonly string[]): YAXisComponentOption {
  const look = rowsOf(gridIndex, left);
  return { ...look, type: "category", data: [...names], axisLabel: { ...look.axisLabel, interval: 0 } };
}

export function barsFor(panel: number) {
  return { type: "bar", xAxisIndex: panel, yAxisIndex: panel, barWidth: 14 } as const;
}

/** How the axis of a panel looks that has a name for each row. */
export function rowsOf(gridIndex: number, left: number) {
  return {
    ...{ gridIndex, inverse: true, axisLine: { show: false }, axisTick: { show: false } },
    axisLabel: { ...label, color: "var(--ink)", width: left - 14, overflow: "truncate" },
  } as const;
}

export interface Scale {
  readonly type: "log" | "value";
  readonly min: number;
  readonly max: number;
}

const SPREAD = 8;

/** A logarithmic scale if the values spread widely, otherwise a linear one; with suitable ticks. */
export function scaleOf(values: readonly number[]): { scale: Scale; ticks: number[] } {
  const positive = values.filter((value) => value > 0);
  const low = Math.min(...positive);
  const high = Math.max(...positive);
  return high / low > SPREAD ? logScale(low, high) : linearScale(low, high);
}

export function logScale(low: number, high: number): { scale: Scale; ticks: number[] } {
  const scale = { type: "log" as const, min: low / 1.12, max: high * 1.12 };
  const steps = (mantissas: readonly number[]) => {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)); power++) {
      for (const mantissa of mantissas) ticks.push(Number(`${mantissa}e${power}`));
    }
    return ticks.filter((tick) => tick >= scale.min && tick <= scale.max);
  };
  const fine = steps([1, 2, 5]);
  // Values that hardly differ may have no such figure between them.
  if (fine.length < 2) return { scale, ticks: linearScale(low, high).ticks };
  return { scale, ticks: fine.length > 9 ? steps([1]) : fine };
}

export function linearScale(low: number, high: number): { scale: Scale; ticks: number[] } {
  // A single value needs an axis around it, or it would have no tick.
  if (low === high) return linearScale(low / 2, high === 0 ? 1 : high * 1.5);
  const span = high - low;
  const rough = span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5].find((mantissa) => mantissa * power >= rough) ?? 10) * power;
  // Zero is a natural end; every other one gets some room.
  const scale = { type: "value" as const, min: low === 0 ? 0 : low - span * 0.06, max: high + span * 0.06 };
  const first = Math.ceil(scale.min / step);
  const last = Math.floor(scale.max / step);
  const tick = (index: number) => Number(((first + index) * step).toPrecision(12));
  return { scale, ticks: Array.from({ length: last - first + 1 }, (_, index) => tick(index)) };
}

/** A tick's figure: short, since its unit stands beside the axis. */
export function tick(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  return value >= 1e4 ? `${Number((value / 1e3).toPrecision(3))} k` : String(Number(value.toPrecision(4)));
}

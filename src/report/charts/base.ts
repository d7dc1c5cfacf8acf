/** Options that all charts share: no animation, and tooltips that are text, never markup. */
import type { EChartsOption, SeriesOption, XAXisComponentOption, YAXisComponentOption } from "echarts";
import { html } from "../markup.ts";
import type { Drawing } from "./chart.ts";
import { FONT, type Frame } from "./frame.ts";

const base = {
  animation: false,
  textStyle: { fontFamily: FONT },
  tooltip: {
    trigger: "item",
    confine: true,
    transitionDuration: 0,
    className: "tip",
    borderWidth: 0,
    padding: 0,
    backgroundColor: "transparent",
    textStyle: { color: "inherit" },
    formatter: (item: unknown) => html`${nameIn(item)}`.text,
  },
} as const satisfies EChartsOption;

function nameIn(item: unknown): string {
  if (typeof item !== "object" || item === null || !("name" in item)) return "";
  return typeof item.name === "string" ? item.name : "";
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
      ...base,
      grid: frame.grid,
      title: frame.title,
      xAxis: contents.map(({ x }) => x),
      yAxis: contents.map(({ y }) => y),
      series: contents.flatMap(({ series }) => series),
    },
  };
}

/** Panels and their contents as one drawing. */
import type { SeriesOption, XAXisComponentOption, YAXisComponentOption } from "echarts";
import type { Drawing } from "./chart.ts";
import type { Frame } from "./frame.ts";

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

/**
 * A chart is a pure function of the runs and of the width that it may take: the page draws it as a still SVG,
 * the browser draws the same option again as a live one. So it imports nothing that a browser lacks.
 */
import type { EChartsOption } from "echarts";
import type { Result } from "../../result.ts";

/** The part of a run that charts see. */
export interface ChartRun {
  readonly name: string;
  readonly result: Pick<Result, "trials" | "analysis">;
}

export interface Drawing {
  readonly height: number;
  readonly option: EChartsOption;
}

export interface Chart {
  /** Part of the anchor's name. */
  readonly id: string;
  readonly title: string;
  /** How to read it, in one or two sentences. */
  readonly caption: string;
  /** What the colours stand for. */
  readonly key: "schemes" | "phases";
  /** Along which axes a reader may zoom. */
  readonly zoom: "x" | "xy";
  /** `null` where there is nothing to draw. */
  draw(runs: readonly ChartRun[], width: number): Drawing | null;
}

/**
 * A chart is a pure function of the runs and of the available width: the page draws it as a still SVG, the
 * browser draws the same option again as a live one. So it imports nothing that a browser lacks.
 */
import type { EChartsOption } from "echarts";
import type { Result } from "../../export/result.ts";

/** The part of a run that charts use. */
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
  /** What the colours represent. */
  readonly key: "schemes" | "phases";
  /** The axes along which a reader may zoom. */
  readonly zoom: "x" | "xy";
  /** `null` if there is nothing to draw. */
  draw(runs: readonly ChartRun[], width: number): Drawing | null;
}

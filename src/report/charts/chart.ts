/** A chart is a pure function of the runs and of the available width: the page holds it in two widths. */
import type { EChartsOption, SeriesOption } from "echarts";
import type { Result } from "../../export/result.ts";

/** The part of a run that charts use. */
export interface ChartRun {
  readonly name: string;
  readonly result: Pick<Result, "trials" | "analysis">;
}

export interface Drawing {
  readonly height: number;
  /** A datum's `name` is what its mark says of itself, and `opens` the failover that it stands for. */
  readonly option: EChartsOption & { readonly series: readonly SeriesOption[] };
}

export interface Chart {
  /** Part of the anchor's name. */
  readonly id: string;
  readonly title: string;
  /** How to read it, in one or two sentences. */
  caption(runs: readonly ChartRun[]): string;
  /** What the colours represent. */
  readonly key: "schemes" | "phases";
  /** `null` if there is nothing to draw. */
  draw(runs: readonly ChartRun[], width: number): Drawing | null;
}

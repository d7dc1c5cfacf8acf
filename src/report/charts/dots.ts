/** Every measured value as a dot, the same in every chart: its scheme's shape and colour, outliers as rings. */
import type { ScatterSeriesOption } from "echarts";
import type { Failover } from "../../metrics/figures.ts";
import { failoverText } from "../address.ts";
import { lookOf, runLookOf } from "../scheme-style.ts";
import { milliseconds } from "../wording.ts";
import type { ChartRun } from "./chart.ts";
import { markName, type Sample } from "./samples.ts";

export interface Dot {
  readonly at: readonly [x: number, y: number];
  /** The text for a reader who points at it. */
  readonly name: string;
  readonly marked: boolean;
  /** The failover that it stands for; a mark of a whole trial stands for none. */
  readonly failover: number | null;
}

const GOLDEN = 0.618_033_988_75;

/** Spreads neighbours apart, from −0.5 to 0.5, the first in the middle, without chance: pages repeat. */
export function jitter(index: number): number {
  return ((index * GOLDEN + 0.5) % 1) - 0.5;
}

/** @param look the run whose look they have, if it is not their own's */
export function dots(
  sample: Sample,
  panel: number,
  values: readonly Dot[],
  size = 6,
  look = sample.run,
): ScatterSeriesOption {
  const { colour, outline } = lookOf(sample.trial.scheme);
  const { hollow, centre } = runLookOf(look);
  return {
    type: "scatter",
    xAxisIndex: panel,
    yAxisIndex: panel,
    symbol: `path://${outline}${centre}`,
    // Hollow ones need room for what is inside.
    symbolSize: hollow ? size + 1.5 : size,
    z: 2,
    itemStyle: style(colour, hollow),
    data: values.map(({ at, name, marked, failover }) => ({
      value: [...at],
      name,
      ...(failover === null
        ? {}
        : { opens: failoverText({ run: sample.run, trial: sample.trial.trial }, failover) }),
      ...(marked ? { symbolSize: size + 4, itemStyle: style(colour, true) } : {}),
    })),
  };
}

/** Dots that overlap stay apart by their rims: a fill that lets others through would be too pale. */
function style(colour: string, hollow: boolean) {
  return hollow
    ? { color: "var(--paper)", borderColor: colour, borderWidth: 1.4, opacity: 1 }
    : { color: colour, borderColor: "var(--paper)", borderWidth: 0.6, opacity: 1 };
}

export function isOutlier({ trial }: Sample, { failover }: Failover): boolean {
  return trial.summary.outliers.includes(failover);
}

/** One failover as text. */
export function tellOf(sample: Sample, runs: readonly ChartRun[], failover: Failover, ms: number): string {
  const outlier = isOutlier(sample, failover) ? ", an outlier" : "";
  return `${markName(sample, runs, failover.failover)}: ${milliseconds(ms)} ms${outlier}`;
}

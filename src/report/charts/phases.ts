/** The parts of a failover's time: the medians of its three phases, one after the other. */
import type { BarSeriesOption } from "echarts";
import { median } from "simple-statistics";
import { milliseconds } from "../wording.ts";
import type { Chart, ChartRun } from "./chart.ts";
import { across, barsFor, drawingOf, frameOf, linearScale, namedRows, roomFor, tick } from "./frame.ts";
import { markName, panelsOf, type Sample, sampleName, samplesOf } from "./samples.ts";

export const phaseNames = ["detection", "notification", "takeover"] as const;
type Phase = (typeof phaseNames)[number];

export const phases: Chart = {
  id: "phases",
  title: "Where the time goes: detection, notification, takeover",
  caption: () =>
    "Each bar stacks the medians of the three phases. The figure beside it is the median of the whole failover, to which they need not add up. Every panel has its own scale.",
  key: "phases",
  draw(runs, width) {
    const samples = samplesOf(runs).filter((sample) =>
      phaseNames.every((phase) => middle(sample, phase) !== null),
    );
    if (samples.length === 0) return null;
    const panels = panelsOf(samples, "candidates");
    const titles = panels.map(({ title }) => ({ text: title, unit: "" }));
    const rows = Math.max(...panels.map((panel) => panel.samples.length));
    const { left } = roomFor(panels, runs, width);
    const frame = frameOf(titles, width, 16 + rows * 26, 2, { left, right: 58, bottom: 58 });
    return drawingOf(
      frame,
      panels.map((panel, index) => {
        const { scale, ticks } = linearScale(0, Math.max(0.01, ...panel.samples.map(sum)));
        const names = panel.samples.map((sample) => sampleName(sample, runs));
        return {
          x: across(index, scale, { name: "median, ms", ticks, text: tick }),
          y: namedRows(index, left, names),
          series: phaseNames.map((phase) => bars(panel.samples, index, phase, runs)),
        };
      }),
    );
  },
};

function middle({ trial }: Sample, phase: Phase): number | null {
  const values = trial.failovers.flatMap((failover) => failover[`${phase}Ms`] ?? []);
  return values.length === 0 ? null : median(values);
}

function sum(sample: Sample): number {
  return phaseNames.reduce((total, phase) => total + (middle(sample, phase) ?? 0), 0);
}

function bars(
  samples: readonly Sample[],
  index: number,
  phase: Phase,
  runs: readonly ChartRun[],
): BarSeriesOption {
  return {
    ...barsFor(index),
    stack: `panel ${index}`,
    itemStyle: { color: `var(--${phase})`, borderColor: "var(--paper)", borderWidth: 1 },
    label: {
      show: phase === phaseNames.at(-1),
      position: "right",
      color: "var(--muted)",
      fontSize: 12,
    },
    data: samples.map((sample) => {
      const whole = sample.trial.summary.failoverMs;
      return {
        value: middle(sample, phase) ?? 0,
        name: `${markName(sample, runs)}: ${phase} ${milliseconds(middle(sample, phase) ?? 0)} ms (median)`,
        label: { formatter: whole === null ? "" : milliseconds(whole.p50) },
      };
    }),
  };
}

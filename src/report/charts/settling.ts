/** How long a failover keeps candidates busy: until the last one has settled again. */
import type { SeriesOption } from "echarts";
import { milliseconds } from "../wording.ts";
import type { Chart, ChartRun } from "./chart.ts";
import { dots, jitter } from "./dots.ts";
import { across, drawingOf, frameOf, logScale, scaleOf, tick, upwards } from "./frame.ts";
import { beside, candidatesScale, fittedGrowth, type GrowthLine, growthLines } from "./growth-lines.ts";
import {
  candidatesOf,
  growing,
  grows,
  linesOf,
  markName,
  type Panel,
  panelsOf,
  samplesOf,
} from "./samples.ts";

export const settling: Chart = {
  id: "settling",
  title: "Settled again: time until the last candidate waits",
  caption: (runs) =>
    `Every dot is one failover (none where nobody had to settle).${grows(panelsFor(runs)) ? " Both axes are logarithmic; a line is the fitted growth with the number of candidates, N to a power beside it: 0 does not grow, 1 grows in proportion." : ""}`,
  key: "schemes",
  draw(runs, width) {
    const panels = panelsFor(runs);
    if (panels.length === 0) return null;
    const titles = panels.map(({ title }) => ({ text: title, unit: "settled after, ms" }));
    const frame = frameOf(titles, width, HEIGHT, 2, { left: 46, right: 70, bottom: 58 });
    const drawn = panels.map((panel, index) => draw(panel, index, runs));
    return drawingOf(frame, drawn);
  },
};

function panelsFor(runs: readonly ChartRun[]): readonly Panel[] {
  const samples = samplesOf(runs).filter(({ trial }) => trial.failovers.some(({ settledMs }) => settledMs));
  return growing(panelsOf(samples, "fault"));
}

const HEIGHT = 280;
const APART = 0.12;

function draw(panel: Panel, index: number, runs: readonly ChartRun[]) {
  const numbers = candidatesOf(panel.samples);
  const lines = linesOf(panel.samples);
  const values = panel.samples.flatMap(({ trial }) =>
    trial.failovers.flatMap(({ settledMs }) => settledMs || []),
  );
  const { scale, ticks } =
    numbers.length > 1 ? logScale(Math.min(...values), Math.max(...values)) : scaleOf(values);
  const clouds = lines.flatMap((line, position): SeriesOption[] =>
    line.samples.map((sample) => {
      const { candidates, failovers } = sample.trial;
      const cloud = failovers.flatMap(({ settledMs, failover }, number) => {
        // Zero, if nobody had to settle, has no place on this axis.
        if (!settledMs) return [];
        const aside = beside(position + jitter(number) * 0.7, lines.length, APART);
        return {
          at: [candidates * aside, settledMs] as const,
          name: `${markName(sample, runs, failover)}: settled after ${milliseconds(settledMs)} ms`,
          marked: false,
          failover,
        };
      });
      return dots(sample, index, cloud, 5);
    }),
  );
  const growths = lines.flatMap((line): GrowthLine[] => {
    const fitted = numbers.length < 2 ? null : fittedGrowth(runs, "settledMs", panel, line);
    return fitted === null ? [] : [{ line, ...fitted }];
  });
  return {
    x: across(index, candidatesScale(numbers), { name: "candidates, N", ticks: numbers, text: tick }),
    y: upwards(index, scale, { ticks, text: tick }),
    series: [...growthLines(growths, index, numbers, scale, HEIGHT), ...clouds],
  };
}

/** Lines on log-log axes: the fitted growth of a measure, and the growth expected by the schemes' own rule. */
import type { LineSeriesOption } from "echarts";
import { sameConditions } from "../../history/conditions.ts";
import type { SchemeGrowth } from "../../metrics/analysis.ts";
import { groupsOf } from "../../metrics/groups.ts";
import { lineOf, lookOf } from "../scheme-style.ts";
import { exponent } from "../wording.ts";
import type { ChartRun } from "./chart.ts";
import { FONT } from "./frame.ts";
import type { Panel } from "./samples.ts";

/** The room beside the smallest and the largest number of candidates, as a factor. */
const ROOM = 1.25;

interface Fit {
  readonly run: number;
  readonly growth: SchemeGrowth;
}

export function fitsOf(runs: readonly ChartRun[], measure: SchemeGrowth["measure"], panel: Panel): Fit[] {
  return runs.flatMap(({ result }, run) =>
    result.analysis.growth
      .filter(
        (growth) => growth.measure === measure && sameConditions(growth, panel.conditions, "candidates"),
      )
      .map((growth) => ({ run, growth })),
  );
}

/** Lines that coincide share one label, in the colour of none of them. */
export function fitLines(
  fits: readonly Fit[],
  index: number,
  numbers: readonly number[],
): LineSeriesOption[] {
  const ends = [Math.min(...numbers), Math.max(...numbers) * ROOM];
  const labelOf = ({ growth }: Fit) => {
    const height = Math.log10(growth.factor * Math.max(...numbers) ** growth.exponent);
    return JSON.stringify([exponent(growth.exponent), Math.round(height * 10)]);
  };
  return groupsOf(fits, labelOf).flatMap((alike) =>
    alike.map(({ run, growth }, position): LineSeriesOption => {
      const { colour } = lookOf(growth.scheme);
      const shared = alike.some((fit) => fit.growth.scheme !== growth.scheme);
      return {
        type: "line",
        xAxisIndex: index,
        yAxisIndex: index,
        symbol: "none",
        silent: true,
        z: 1,
        lineStyle: { color: colour, width: 1.2, type: lineOf(run), opacity: 0.8 },
        endLabel: {
          show: position === 0,
          formatter: `∝ N${raised(exponent(growth.exponent))}`,
          color: shared ? "var(--ink)" : colour,
          fontSize: 13,
          lineHeight: 16,
          fontFamily: FONT,
          distance: 6,
        },
        labelLayout: { moveOverlap: "shiftY" },
        data: ends.map((candidates) => [candidates, growth.factor * candidates ** growth.exponent]),
      };
    }),
  );
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = { "-": "⁻", ".": "·" };

function raised(figure: string): string {
  return [...figure].map((sign) => SUPERSCRIPTS[sign] ?? "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)] ?? sign).join("");
}

/** The expectation as a thin grey line with its name at its middle, below the line where it rises. */
export function expected(
  index: number,
  numbers: readonly number[],
  name: string,
  of: (candidates: number) => number,
): LineSeriesOption {
  const rises = of(Math.max(...numbers)) > of(Math.min(...numbers));
  return {
    type: "line",
    xAxisIndex: index,
    yAxisIndex: index,
    symbol: "none",
    silent: true,
    z: 0,
    lineStyle: { color: "var(--muted)", width: 1, type: [2, 3] },
    label: { show: false },
    data: numbers.map((candidates, position) => ({
      value: [candidates, of(candidates)],
      ...(position !== Math.floor(numbers.length / 2)
        ? {}
        : {
            symbol: "circle",
            symbolSize: 0.1,
            label: {
              show: true,
              position: "right" as const,
              offset: numbers.length > 1 ? [6, rises ? 11 : -10] : [10, 0],
              formatter: name,
              color: "var(--muted)",
              fontSize: 11,
              fontFamily: FONT,
            },
          }),
    })),
  };
}

/** The usable share of the room beside a number of candidates: marks at the axis's end would be cut in half. */
const USED = 0.18;

/**
 * Separates the marks of several lines at one number of candidates, and keeps them on the axis.
 * @param position of the line among all; may lie between two whole numbers
 * @param apart the distance of two neighbours, if there is room for that many lines
 * @returns a factor for the number of candidates
 */
export function beside(position: number, lines: number, apart: number): number {
  return 1 + Math.min(apart, (2 * USED) / lines) * (position - (lines - 1) / 2);
}

/** The tried numbers of candidates are the ticks; the axis leaves some room at both ends. */
export function candidatesScale(numbers: readonly number[]) {
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  return { type: "log" as const, min: low / ROOM, max: high * ROOM };
}

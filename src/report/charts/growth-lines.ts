/** Lines on log-log axes: how a measure grows with the number of candidates, and how it should by the rules. */
import type { LineSeriesOption } from "echarts";
import { sameConditions } from "../../history/conditions.ts";
import type { SchemeGrowth } from "../../metrics/analysis.ts";
import { groupsOf } from "../../metrics/groups.ts";
import { lookOf, runLookOf } from "../scheme-style.ts";
import { exponent } from "../wording.ts";
import type { ChartRun } from "./chart.ts";
import type { Scale } from "./frame.ts";
import type { Line, Panel } from "./samples.ts";

/** The room beside the smallest and the largest number of candidates, as a factor. */
const ROOM = 1.25;

export interface Growth {
  readonly label: string;
  /** The measure with this many candidates. */
  of(candidates: number): number;
}

export interface GrowthLine extends Growth {
  /** Whose it is; nobody's if the rules let one expect it and nobody keeps to it. */
  readonly line: Line | null;
}

const expected = { colour: "var(--muted)", dashes: [2, 3] } as const;

function styleOf({ line }: GrowthLine): { readonly colour: string; readonly dashes: readonly number[] } {
  return line === null ? expected : { ...runLookOf(line.run), ...lookOf(line.scheme) };
}

/** The growth that was fitted to a line's measure, if there is one. */
export function fittedGrowth(
  runs: readonly ChartRun[],
  measure: SchemeGrowth["measure"],
  panel: Panel,
  { scheme, run }: Line,
): Growth | null {
  const found = runs[run]?.result.analysis.growth.find(
    (growth) =>
      growth.measure === measure &&
      growth.scheme === scheme &&
      sameConditions(growth, panel.conditions, "candidates"),
  );
  if (found === undefined) return null;
  return {
    label: `∝ N${raised(exponent(found.exponent))}`,
    of: (candidates) => found.factor * candidates ** found.exponent,
  };
}

const LABEL_HEIGHT = 16;

/**
 * Lines that coincide share one label, in the colour of none of them.
 * @param pixels the height of the logarithmic axis
 */
export function growthLines(
  growths: readonly GrowthLine[],
  index: number,
  numbers: readonly number[],
  { min, max }: Scale,
  pixels: number,
): LineSeriesOption[] {
  const largest = Math.max(...numbers);
  const end = largest * ROOM;
  const heightOf = ({ of }: Growth) => (pixels * Math.log(of(end) / min)) / Math.log(max / min);
  const placeOf = (growth: GrowthLine) =>
    JSON.stringify([growth.label, Math.round(heightOf(growth) / LABEL_HEIGHT)]);
  const groups = groupsOf(growths, placeOf)
    .flatMap((alike) => (alike[0] === undefined ? [] : [{ alike, height: heightOf(alike[0]) }]))
    .sort((a, b) => a.height - b.height);
  // Labels that would overlap are moved up.
  let free = Number.NEGATIVE_INFINITY;
  return groups.flatMap(({ alike, height }) => {
    const up = Math.max(0, free - height);
    free = height + up + LABEL_HEIGHT;
    return alike.map((growth, position): LineSeriesOption => {
      const { line, label, of } = growth;
      const { colour, dashes } = styleOf(growth);
      const shared = alike.some((other) => other.line?.scheme !== line?.scheme);
      return {
        type: "line",
        xAxisIndex: index,
        yAxisIndex: index,
        symbol: "none",
        z: 1,
        lineStyle: { color: colour, width: 1.2, type: [...dashes] },
        endLabel: {
          show: position === 0,
          formatter: label,
          color: shared ? "var(--ink)" : colour,
          fontSize: 13,
          distance: 6,
          offset: [0, -up],
        },
        data: [...numbers, end].map((candidates) => [candidates, of(candidates)]),
      };
    });
  });
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = { "-": "⁻", ".": "·" };

function raised(figure: string): string {
  return [...figure].map((sign) => SUPERSCRIPTS[sign] ?? "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)] ?? sign).join("");
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

/** Formats the outcome of each threshold. */
import { thresholdLines } from "../export/threshold-lines.ts";
import type { ThresholdCheck } from "../metrics/threshold-check.ts";
import { hanging, type Paint } from "./format.ts";

export function thresholdsText(
  checks: readonly ThresholdCheck[],
  paint: Paint,
  columns = Infinity,
): string[] {
  return thresholdLines(checks).map(({ held, text }) =>
    held ? hanging("✓", paint.green, text, columns) : hanging("✗", paint.red, text, columns),
  );
}

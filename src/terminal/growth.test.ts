import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { markdown } from "../export/markdown.ts";
import { sampleModel, sampleResult } from "../testing/samples.ts";
import { paintFor } from "./format.ts";
import { growthSummary } from "./growth.ts";

const models = [
  sampleModel(),
  sampleModel({
    scheme: "heir",
    exponent: 0.02,
    forecasts: [{ candidates: 1e5, foretold: 2.2, interval: [2, 3] }],
  }),
  sampleModel({ measure: "heapBytes" }),
];
const result = sampleResult({ analysis: { comparisons: [], uncompared: [], growth: [], models } });
const lines = growthSummary(result, paintFor({ isTTY: false } as NodeJS.WriteStream), 80)
  .join("\n")
  .split("\n")
  .map(stripVTControlCharacters);

test("the terminal has a row for each scheme: how it grows, and what is foretold, within 80 columns", () => {
  expect(lines.filter((line) => /^(leader|heir) /.test(line)).map((line) => line.split(/ {2,}/))).toEqual([
    ["leader", "1.60", "–", "–", "–", "1.60"],
    ["heir", "0.02", "–", "–", "–", "–"],
    ["leader", "2.8 h", "–", "–", "–", "10 MB"],
    ["heir", "2.2 ms", "–", "–", "–", "–"],
  ]);
  expect(lines.join(" ")).toContain("FORETOLD, not measured");
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test("Markdown has a table of it, and a run without models has neither", () => {
  expect(markdown(result)).toMatch(/^\| failover, .* \| leader .* 1 ms \+ 1 µs × N \(N − 1\)/m);
  const without = sampleResult();
  expect(markdown(without)).not.toContain("FORETOLD");
  expect(growthSummary(without, paintFor({ isTTY: false } as NodeJS.WriteStream), 80)).toEqual([]);
});

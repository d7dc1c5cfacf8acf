import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { faultNames } from "../src/faults/faults.ts";
import { sampleResult, sampleStatistics, sampleTrial } from "../src/testing/samples.ts";
import { faultTables, measuredTable } from "./fault-page.ts";
import { withPart } from "./page-part.ts";

test("docs/faults.md says of every fault what the code says (--update writes it)", async () => {
  const file = join(import.meta.dirname, "..", "docs", "faults.md");
  const page = withPart(await readFile(file, "utf8"), "faults", faultTables());
  await expect(page).toMatchFileSnapshot(file);
  const [, rows = ""] = page.split("<!-- faults -->");
  for (const name of faultNames)
    expect(rows.match(new RegExp(`^\\| \`${name}\` +\\| \\S`, "gm"))).toHaveLength(1);
});

test("the table has a row for each fault, with each scheme's median, the verdicts and theory", () => {
  const summary = (p50: number) => ({ ...sampleTrial().summary, failoverMs: sampleStatistics({ p50 }) });
  const prediction = { failoverMs: { low: 0, high: 52 }, inside: 2, outside: [1] };
  const verdicts = { ...sampleTrial().verdicts, expectation: { valid: "unknown", reason: "?" } } as const;
  const trials = [
    sampleTrial({ trial: 1, scheme: "predecessor", summary: summary(2.5), prediction }),
    sampleTrial({ trial: 2, scheme: "heir", summary: summary(1.25), prediction, verdicts }),
    sampleTrial({
      trial: 3,
      scheme: "heir",
      fault: "server-kill",
      servers: 3,
      summary: { ...summary(1), failoverMs: null, gapMs: sampleStatistics({ p50: 120 }) },
      prediction: null,
    }),
  ];
  const rows = measuredTable(sampleResult({ trials }), ["disk-full is left out: it may not mount"]).split(
    "\n",
  );
  const cells = (name: string) =>
    rows
      .find((row) => row.startsWith(`| \`${name}\``))
      ?.split("|")
      .map((cell) => cell.trim())
      .slice(2, -1);
  expect(cells("resign")).toEqual([
    "the next one leads at once",
    "1",
    "heir: expectation unknown",
    "valid",
    "2.50",
    "1.25",
    "0–52, 4 of 6 inside",
  ]);
  expect(cells("server-kill")).toEqual([
    "the same leader, with the same contender",
    "3",
    "yes",
    "valid",
    "–",
    "gap 120",
    "–",
  ]);
  expect(rows.at(-1)).toBe("disk-full is left out: it may not mount");
});

import { Chalk } from "chalk";
import { expect, test } from "vitest";
import { type Column, tableOf } from "./table.ts";

const plain = new Chalk({ level: 0 });
type Row = readonly [scheme: string, candidates: string, fault: string];
const columns: Column<Row>[] = [
  { title: "scheme", align: "left", cell: ([scheme]) => scheme },
  { title: "N", align: "right", cell: ([, candidates]) => candidates },
  { title: "fault", align: "left", cell: ([, , fault]) => fault },
];
const rows: Row[] = [
  ["predecessor", "50", "resign"],
  ["heir", "200", "close"],
];

test("is as narrow as its cells, without lines and without blanks at the end", () => {
  expect(tableOf(columns, rows, plain, 80)).toBe(
    ["scheme         N  fault", "predecessor   50  resign", "heir         200  close"].join("\n"),
  );
});

test("has narrow gaps where wide ones would not fit", () => {
  const lines = tableOf(columns, rows, plain, 23).split("\n");
  expect(lines[1]).toBe("predecessor  50 resign");
});

test("colours do not count", () => {
  const colourful = new Chalk({ level: 3 });
  const painted = tableOf(columns, [[colourful.bold("predecessor"), "50", "resign"]], colourful, 26);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  expect(painted.replaceAll(/\u001b\[\d+m/g, "")).toContain("predecessor  50  resign");
});

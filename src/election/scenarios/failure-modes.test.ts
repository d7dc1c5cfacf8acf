/** The table of failure modes says where each is tested: this checks that it is true. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..", "..");

const rows = [
  ...readFileSync(join(root, "docs", "failure-modes.md"), "utf8").matchAll(/^\| (S\d\d) \|.*\| (.*) \|$/gm),
].map(([, number = "", where = ""]) => ({ number, where, kind: where.split(":")[0] ?? "" }));

/** The text of each scenario file, by its name without the extension. */
const scenarios = new Map(
  readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => [file.replace(".test.ts", ""), readFileSync(join(import.meta.dirname, file), "utf8")]),
);

/** Whether this file has a test whose name begins with the number. */
function has(file: string, number: string): boolean {
  return new RegExp(`["\`]${number} `).test(scenarios.get(file) ?? "");
}

test("the table names every failure mode once, and how it is tested", () => {
  const left = ["S13", "S28", "S35", "S36", "S41"];
  const numbers = rows.map(({ number }) => number);
  expect(numbers).toEqual([...new Set(numbers)].toSorted());
  const first = Array.from({ length: 50 }, (_, index) => `S${String(index + 1).padStart(2, "0")}`);
  expect(numbers.slice(0, first.length - left.length)).toEqual(first.filter((one) => !left.includes(one)));
  for (const { kind } of rows)
    expect(["real", "simulated", "both", "client", "lab"]).toContain(kind.split(",")[0]);
});

test.each(rows.filter(({ kind }) => kind === "real" || kind === "both"))(
  "$number has a test on a real server, in the file that the table names",
  ({ number, where }) => {
    const files = [...(where.split(";")[0] ?? "").matchAll(/`([\w-]+)`/g)].map(([, file = ""]) => file);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect([...scenarios.keys()]).toContain(file);
    expect(files.filter((file) => has(file, number))).not.toEqual([]);
  },
);

test("tests named elsewhere exist", () => {
  const files = rows.flatMap(({ where }) => /`(src\/[^`]+)`/.exec(where)?.[1] ?? []);
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) expect(existsSync(join(root, file))).toBe(true);
});

test("every numbered scenario is in the table", () => {
  const tested = [...scenarios.values()].flatMap((text) => [...text.matchAll(/["`](S\d\d) /g)]);
  const numbers = rows.map(({ number }) => number);
  for (const [, number] of tested) expect(numbers).toContain(number);
});

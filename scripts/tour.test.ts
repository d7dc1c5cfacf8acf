import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

test("everything that the tour of the code names exists", () => {
  const tour = readFileSync(join(root, "docs", "tour.md"), "utf8");
  const named = [...tour.matchAll(/`((?:src|scripts)\/[\w./-]+)`/g)].map(([, path = ""]) => path);
  const linked = [...tour.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = ""]) => join("docs", path));
  expect(named.length).toBeGreaterThan(20);
  expect([...named, ...linked].filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

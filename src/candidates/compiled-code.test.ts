import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { compile, evaluate } from "./compiled-code.ts";

const folder = mkdtempSync(join(tmpdir(), "zk-election-lab-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, code: string): string {
  const file = join(folder, name);
  writeFileSync(file, code);
  return file;
}

test("runs a CommonJS file as Node would, each time anew", () => {
  const file = fileOf(
    "one.cjs",
    `exports.count = [];
     exports.where = [__filename, __dirname];
     exports.join = require("node:path").join;`,
  );
  const code = compile(file);
  const [one, other] = [evaluate(code), evaluate(code)] as { count: number[] }[];
  expect(one).toMatchObject({ where: [file, folder], join });
  one?.count.push(1);
  expect(other?.count).toEqual([]);
});

test("what was compiled is run, even if the file has changed or is gone", () => {
  const file = fileOf("other.cjs", `exports.says = "gr\u00f6\u00dfe \u{1f5f3}";`);
  const code = compile(file);
  fileOf("other.cjs", `exports.says = "something else";`);
  expect(evaluate(code)).toEqual({ says: "gr\u00f6\u00dfe \u{1f5f3}" });
  rmSync(file);
  expect(evaluate(code)).toEqual({ says: "gr\u00f6\u00dfe \u{1f5f3}" });
});

test("a process compiles a file once, for all crews that run it", () => {
  const file = fileOf("shared.cjs", `exports.says = "shared";`);
  const { cache } = compile(file);
  expect(compile(file).cache).toBe(cache);
  expect(compile(fileOf("another.cjs", `exports.says = "another";`)).cache).not.toBe(cache);
});

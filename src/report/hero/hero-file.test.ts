import { expect, test } from "vitest";
import { exampleHistory, exampleRun } from "../../testing/report-run.ts";
import { heroFile } from "./hero-file.ts";

const run = exampleRun([exampleHistory("predecessor"), exampleHistory("leader", 2)]);

test("is a picture that stands alone: its title, its figures, what it was measured on, and no request", () => {
  const file = heroFile(run);
  expect(file).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 1200 630"/);
  const texts = [...file.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  expect(texts).toEqual(
    expect.arrayContaining([
      ...[
        "The leader resigns. Who wakes up?",
        "predecessor",
        "leader",
        "watches the contender just",
        "before it",
      ],
      ...[
        "1",
        "2",
        "woken",
        "4.00 ms",
        "to the new leader",
        "7.00 ms",
        "until all are quiet",
        "reads the list",
      ],
      "zk-election-lab 0.2.0 · ZooKeeper 3.9.5 · 2 cores, a processor · 2026-01-01",
    ]),
  );
  expect(file.replace("http://www.w3.org/2000/svg", "")).not.toMatch(
    /https?:|url\(|@import|<script|href|var\(/,
  );
  expect(file).toContain("prefers-color-scheme:dark");
  expect(heroFile(run)).toBe(file);
});

test("all of it lies within the picture, however many schemes there are", () => {
  const schemes = ["predecessor", "leader", "children", "heir", "mine", "ours"];
  const file = heroFile(exampleRun(schemes.map((scheme, index) => exampleHistory(scheme, index + 1))));
  const heights = [...file.matchAll(/<text [^>]*\by="([\d.]+)"/g)].map(([, y]) => Number(y));
  expect(Math.min(...heights)).toBeGreaterThan(0);
  expect(Math.max(...heights)).toBeLessThan(630);
});

test("a run without a failover in its history says that there is nothing to draw", () => {
  expect(() => heroFile(exampleRun([]))).toThrow(
    /^--export-svg: the run's history has no whole failover to draw/,
  );
});

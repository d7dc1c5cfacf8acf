import { expect, test } from "vitest";
import { type CostPoint, fitCosts, foretell } from "./cost-model.ts";

type Term = "once" | "each" | "pair";
const terms = ["once", "each", "pair"] as const;

const counts = (n: number) => ({ once: 1, each: n, pair: n * (n - 1) });

const points = (of: (n: number) => number, error = 0.05): CostPoint<Term>[] =>
  [10, 30, 100, 300, 1000].map((n) => ({ counts: counts(n), value: of(n), error }));

test.each([
  ["once", () => 7, { once: 7 }],
  ["once and for each", (n: number) => 2 + 0.01 * n, { once: 2, each: 0.01 }],
  ["for each pair only", (n: number) => 49 * n * (n - 1), { pair: 49 }],
  ["in all ways", (n: number) => 90 + 3 * n + 0.5 * n * (n - 1), { once: 90, each: 3, pair: 0.5 }],
])("finds what costs %s", (_name, of, costs) => {
  const fitted = fitCosts(points(of), terms);
  expect(Object.keys(fitted ?? {})).toEqual(Object.keys(costs));
  for (const [term, cost] of Object.entries(costs)) expect(fitted?.[term as Term]).toBeCloseTo(cost, 6);
});

test("a cost that would only fit the noise is left out, and so is a negative one", () => {
  const noise = [1.03, 0.97, 1.02, 0.98, 1.03];
  const noisy = points(() => 7).map((point, index) => ({ ...point, value: 7 * (noise[index] ?? 1) }));
  expect(Object.keys(fitCosts(noisy, terms) ?? {})).toEqual(["once"]);
  // The same noise means something if it is known that there is hardly any.
  expect(
    Object.keys(
      fitCosts(
        points((n) => 7 + 0.0004 * n, 0.001),
        terms,
      ) ?? {},
    ),
  ).toEqual(["once", "each"]);
  expect(
    fitCosts(
      points((n) => n - 5),
      ["once", "each"],
    ),
  ).toEqual({ each: expect.any(Number) });
});

test("an imprecise point counts for less", () => {
  const off = points(() => 7).map((point, index) =>
    index === 0 ? { ...point, value: 14, error: 2 } : point,
  );
  expect(foretell(fitCosts(off, ["once"]) ?? {}, counts(5))).toBeCloseTo(7, 1);
});

test("there is no model of as many costs as points, nor of none", () => {
  const [first, second] = points((n) => 2 + 0.01 * n);
  if (first === undefined || second === undefined) throw new Error("there are five");
  expect(Object.keys(fitCosts([first, second], terms) ?? {})).toHaveLength(1);
  expect(fitCosts([first], terms)).toBeNull();
  expect(fitCosts([], terms)).toBeNull();
});

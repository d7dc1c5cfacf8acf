/**
 * A cost model: a figure as the sum of a few costs that cannot be negative, such as one for each candidate. A
 * figure spans powers of ten, so the fit is by relative errors. It keeps as few costs as it can (Akaike's
 * criterion): one that only fits the noise would be far off beyond the points.
 */
import { solve } from "./linear-equations.ts";

/** A measured point: how often each cost occurs in it, and the figure. */
export interface CostPoint<Term extends string> {
  readonly counts: Readonly<Record<Term, number>>;
  /** Positive. */
  readonly value: number;
  /** The standard error of the value, as a share of it. */
  readonly error: number;
}

export type Costs<Term extends string> = Partial<Readonly<Record<Term, number>>>;

/** `null` without a model that has fewer costs than there are points. */
export function fitCosts<Term extends string>(
  points: readonly CostPoint<Term>[],
  terms: readonly Term[],
): Costs<Term> | null {
  let best: { readonly costs: Costs<Term>; readonly criterion: number } | null = null;
  for (const chosen of subsets(terms)) {
    const costs = chosen.length < points.length ? leastSquares(points, chosen) : null;
    if (costs === null) continue;
    const criterion = misfitOf(points, costs) + 2 * chosen.length;
    if (best === null || criterion < best.criterion) best = { costs, criterion };
  }
  return best?.costs ?? null;
}

/** The figure that a model foretells. */
export function foretell<Term extends string>(
  costs: Costs<Term>,
  counts: Readonly<Record<Term, number>>,
): number {
  const entries = Object.entries(costs) as [Term, number][];
  return entries.reduce((sum, [term, cost]) => sum + cost * counts[term], 0);
}

/** All that are not empty, small ones first. */
function subsets<T>(things: readonly T[]): T[][] {
  const all = Array.from({ length: 2 ** things.length }, (_, bits) =>
    things.filter((__, index) => (bits >> index) % 2 === 1),
  );
  return all.slice(1).sort((a, b) => a.length - b.length);
}

/** `null` if one of the costs would be negative, or is not determined. */
function leastSquares<Term extends string>(
  points: readonly CostPoint<Term>[],
  terms: readonly Term[],
): Costs<Term> | null {
  // Each column has a scale of its own: counts of pairs are large, and the equations would be ill-conditioned.
  const scales = terms.map((term) => Math.max(...points.map(({ counts, value }) => counts[term] / value)));
  const rows = points.map(({ counts, value, error }) => ({
    weight: 1 / error ** 2,
    parts: terms.map((term, index) => counts[term] / value / (scales[index] ?? 1)),
  }));
  const sum = (of: (parts: readonly number[]) => number) =>
    rows.reduce((total, { weight, parts }) => total + weight * of(parts), 0);
  const matrix = terms.map((_, i) => terms.map((__, j) => sum((parts) => (parts[i] ?? 0) * (parts[j] ?? 0))));
  const right = terms.map((_, i) => sum((parts) => parts[i] ?? 0));
  const solution = solve(matrix, right);
  if (solution === null || solution.some((cost) => cost <= 0)) return null;
  const entries = terms.map((term, index) => [term, (solution[index] ?? 0) / (scales[index] ?? 1)] as const);
  return Object.fromEntries(entries) as Costs<Term>;
}

/** The sum of squared errors, each by the size that was to be expected. */
export function misfitOf<Term extends string>(
  points: readonly CostPoint<Term>[],
  costs: Costs<Term>,
): number {
  return points.reduce(
    (sum, { counts, value, error }) => sum + ((foretell(costs, counts) / value - 1) / error) ** 2,
    0,
  );
}

/** Solves a few linear equations, by elimination with pivots. */

/** `null` if they have no single solution. */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const rows = matrix.map((row, index) => [...row, right[index] ?? Number.NaN]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    const candidates = rows.slice(column).map((row) => Math.abs(row[column] ?? 0));
    const pivot = column + candidates.indexOf(Math.max(...candidates));
    const [one, other] = [rows[column], rows[pivot]];
    if (one === undefined || other === undefined) return null;
    rows[column] = other;
    rows[pivot] = one;
    const head = other[column] ?? 0;
    if (!(Math.abs(head) > SMALLEST)) return null;
    for (const [index, row] of rows.entries()) {
      if (index === column) continue;
      const factor = (row[column] ?? 0) / head;
      for (let place = column; place <= size; place++)
        row[place] = (row[place] ?? 0) - factor * (other[place] ?? 0);
    }
  }
  return rows.map((row, index) => (row[size] ?? Number.NaN) / (row[index] ?? Number.NaN));
}

/** A smaller pivot is a rounding error. */
const SMALLEST = 1e-12;

import type { Result } from "./result.ts";

/** A result as text, both in `result.json` and on stdout. */
export function json(result: Result): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

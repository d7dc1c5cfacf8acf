import type { Result } from "./result.ts";

/** A result as text, in `result.json` and on stdout alike. */
export function json(result: Result): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

/** The evidence of a false verdict in one line: its first piece, and how many more there are. */
import type { Evidence } from "../checkers/checker.ts";

export function evidenceText([first, ...others]: readonly Evidence[]): string {
  if (first === undefined) return "without evidence";
  return others.length === 0 ? first.message : `${first.message} (and ${others.length} more)`;
}

import type { Evidence, Verdict } from "./checker.ts";

/** Evidence outweighs doubts: one proof is enough, whatever else is undecided. */
export function conclude(evidence: readonly Evidence[], doubts: readonly string[] = []): Verdict {
  if (evidence.length > 0) return { valid: false, evidence };
  const [reason] = doubts;
  return reason === undefined ? { valid: true } : { valid: "unknown", reason };
}

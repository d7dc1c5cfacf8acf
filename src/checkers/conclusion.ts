import type { Evidence, Verdict } from "./checker.ts";

/** What was found outweighs what could not be decided: one proof is enough, whatever else is in doubt. */
export function conclude(evidence: readonly Evidence[], doubts: readonly string[] = []): Verdict {
  if (evidence.length > 0) return { valid: false, evidence };
  const [reason] = doubts;
  return reason === undefined ? { valid: true } : { valid: "unknown", reason };
}

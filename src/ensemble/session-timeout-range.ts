/** The session timeouts that an embedded server grants: from two ticks to ten minutes. */
export function sessionTimeoutRange(tickTimeMs: number): readonly [min: number, max: number] {
  return [2 * tickTimeMs, 600_000];
}

/** What was thrown, as an error: a scheme of the user's may throw anything. */
export function errorFrom(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

import { inspect } from "node:util";

/** What was thrown, as an error: a scheme or a job of the user's may throw anything. */
export function errorFrom(error: unknown): Error {
  if (error instanceof Error) return error;
  return new Error(typeof error === "string" ? error : inspect(error));
}

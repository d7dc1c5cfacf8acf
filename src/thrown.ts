/** Handles thrown values and reasons of rejections: a user's scheme or job may throw anything. */
import { inspect, types } from "node:util";

/** The value as an error. */
export function errorFrom(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(typeof thrown === "string" ? thrown : inspect(thrown));
}

export function messageOf(thrown: unknown): string {
  return errorFrom(thrown).message;
}

/**
 * The system's or Node's name for it, such as `ENOENT`; `undefined` if it has none. An error of another context
 * (`node:vm`), which is not an instance of this context's `Error`, has its name as well.
 */
export function codeOf(thrown: unknown): string | undefined {
  if (!types.isNativeError(thrown) || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}

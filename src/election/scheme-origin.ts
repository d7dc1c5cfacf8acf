/** Where a scheme of the user's own is loaded from: nothing else in the lab has such a URL. */
import { codeOf } from "../thrown.ts";

const PREFIX = "data:text/javascript;base64,";

export function schemeUrl(code: string): string {
  return PREFIX + Buffer.from(code).toString("base64");
}

/**
 * Whether an error that nobody caught is a scheme's, in a thread that has loaded one: its timers and promises
 * fail outside every call. Only foreign code throws what is no error, and that has no stack.
 */
export function comesFromScheme(error: unknown): boolean {
  if (!(error instanceof Error) || codeOf(error) === "ERR_UNHANDLED_REJECTION") return true;
  return error.stack?.includes(PREFIX) === true;
}

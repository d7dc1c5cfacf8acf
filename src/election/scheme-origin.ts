/** The URL from which a user's scheme is loaded: nothing else in the lab has such a URL. */
import { codeOf } from "../thrown.ts";

const PREFIX = "data:text/javascript;base64,";

export function schemeUrl(code: string): string {
  return PREFIX + Buffer.from(code).toString("base64");
}

/**
 * Whether an uncaught error comes from a scheme, in a thread that has loaded one: the scheme's timers and
 * promises fail outside every call. Only foreign code throws values that are not errors, and those have no
 * stack.
 */
export function comesFromScheme(error: unknown): boolean {
  if (!(error instanceof Error) || codeOf(error) === "ERR_UNHANDLED_REJECTION") return true;
  return error.stack?.includes(PREFIX) === true;
}

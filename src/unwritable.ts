/** Turns a failed write into an error that a person can act on. */
import { LabError } from "./lab-error.ts";
import { codeOf, messageOf } from "./thrown.ts";

/** Errors of the disk itself: another name does not help. */
const diskErrors = ["ENOSPC", "EDQUOT", "EIO"];

/**
 * Used before the work: the person can name another file.
 * @param what the path, after the flag that named it
 * @returns `usage`, or `io` when the disk is full or broken
 */
export function unwritable(what: string, cause: unknown, next: string): LabError {
  return new LabError(isDiskError(cause) ? "io" : "usage", words(what, cause, next), { cause });
}

/**
 * Used for output that was to be kept and is lost.
 * @returns `io`
 */
export function lost(what: string, cause: unknown, next: string): LabError {
  return new LabError("io", words(what, cause, next), { cause });
}

export function isDiskError(error: unknown): boolean {
  return diskErrors.includes(codeOf(error) ?? "");
}

function words(what: string, cause: unknown, next: string): string {
  return `${what}: cannot be written to (${messageOf(cause)}); ${next}`;
}

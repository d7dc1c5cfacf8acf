/** What could not be written, as an error that a person can act on. */
import { LabError } from "./lab-error.ts";
import { codeOf, messageOf } from "./thrown.ts";

/** The disk's own: no other name is the remedy. */
const diskErrors = ["ENOSPC", "EDQUOT", "EIO"];

/**
 * Before the work: whoever named it can name another one.
 * @param what the path, behind the flag that named it
 * @returns `usage`, or `io` where the disk is full or broken
 */
export function unwritable(what: string, cause: unknown, next: string): LabError {
  return new LabError(isDiskError(cause) ? "io" : "usage", words(what, cause, next), { cause });
}

/** What was to be kept and is lost. @returns `io` */
export function lost(what: string, cause: unknown, next: string): LabError {
  return new LabError("io", words(what, cause, next), { cause });
}

export function isDiskError(error: unknown): boolean {
  return diskErrors.includes(codeOf(error) ?? "");
}

function words(what: string, cause: unknown, next: string): string {
  return `${what}: cannot be written to (${messageOf(cause)}); ${next}`;
}

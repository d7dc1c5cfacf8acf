/** The numbers of open files. The kernel gives each new file the lowest number that is free. */
import { closeSync, openSync } from "node:fs";

export const OPEN_FILES = "/proc/self/fd";

/**
 * Has a file take each number that is free, up to the highest, and lets go again of those that are not wanted.
 * @returns the numbers that stay taken: fewer where no file or no number was left
 */
export function takeNumbers(file: string, highest: number, isWanted: (number: number) => boolean): number[] {
  const taken: number[] = [];
  const others: number[] = [];
  try {
    for (let given = -1; given < highest; ) {
      given = openSync(file, "r");
      (isWanted(given) ? taken : others).push(given);
    }
  } catch {
    // Then all is as it was.
  }
  for (const other of others) closeSync(other);
  return taken;
}

/** Checks for tests that need more than every machine permits. */
import { execFileSync } from "node:child_process";

/** Whether a command that ends at once succeeds here. */
export function permits(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Where a copy of the native client can be loaded from. */
import { accessSync, constants, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Whether this folder permits code: one that is mounted noexec does not. It must be writable. */
export function permitsCode(folder: string): boolean {
  const probe = join(folder, "probe");
  writeFileSync(probe, "", { mode: 0o700 });
  try {
    // Linux answers for the mount as well, even to root.
    accessSync(probe, constants.X_OK);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe);
  }
}

/** Follows the name of a folder. */
export const NO_CODE =
  "permits no code to be loaded from it (it is mounted noexec); name another folder for temporary files by TMPDIR";

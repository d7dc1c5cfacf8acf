/** Finds folders from which a copy of the native client can be loaded. */
import { accessSync, constants, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Whether code can be loaded from this folder: not if it is mounted noexec. The folder must be writable. */
export function permitsCode(folder: string): boolean {
  const probe = join(folder, "probe");
  writeFileSync(probe, "", { mode: 0o700 });
  try {
    // On Linux this checks the mount as well, even for root.
    accessSync(probe, constants.X_OK);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe);
  }
}

/** Appended to the name of a folder. */
export const NO_CODE =
  "permits no code to be loaded from it (it is mounted noexec); set TMPDIR to another folder for temporary files";

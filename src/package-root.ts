/** Where this program is installed. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** @throws when the program's code has been moved out of its package, as by a bundler */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    if (folder === dirname(folder)) throw new Error("this program is no longer in its package");
    folder = dirname(folder);
  }
  return folder;
}

/** A file that `yarn build` made for a thread or a separate process. */
export function bundle(file: string): string {
  return join(packageRoot(), "dist", file);
}

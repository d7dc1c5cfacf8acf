/** What this program is installed as, and which versions it runs. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packageRoot } from "./package-root.ts";

export const root = packageRoot();

/** Whether this is a clone, and not only the package. */
export const inClone = existsSync(join(root, "scripts", "run.mjs"));

/**
 * A command line with `yarn`, as in a clone, in the form to type here: the installed package has no scripts.
 */
export function asTyped(line: string): string {
  return inClone ? line : line.replace(/\byarn (start:)?/, "zk-election-lab ");
}

function versionIn(packageFile: string): string {
  return (JSON.parse(readFileSync(packageFile, "utf8")) as { version: string }).version;
}

export const version = versionIn(join(root, "package.json"));

export function clientVersion(): string {
  return versionIn(createRequire(import.meta.url).resolve("zookeeper/package.json"));
}

/** The current commit, with a mark if the tree has changes; `null` outside a checkout. */
export function gitHead(): string | null {
  if (!existsSync(join(root, ".git"))) return null;
  try {
    const args = ["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"];
    return execFileSync("git", args, {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return null;
  }
}

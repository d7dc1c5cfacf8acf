/** Where this program is installed, and which version of what it runs. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    if (folder === dirname(folder)) throw new Error("this program is not in its package any more");
    folder = dirname(folder);
  }
  return folder;
}

export const root = findRoot();

/** A file that `yarn build` made for a thread or a process of its own. */
export function bundle(file: string): string {
  return join(root, "dist", file);
}

/** Whether there is all that a clone has, and not what the package has only. */
export const inClone = existsSync(join(root, "scripts", "run.mjs"));

/** A command line with `yarn`, as in a clone, as it is typed here: who installed the package has no scripts. */
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

/** The commit that runs, with a mark when the tree has changes; `null` outside a checkout. */
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

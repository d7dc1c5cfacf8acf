/** What sources import, as it stands in their text. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const statement = /^(?:import|export)( type)?\b[^"'`;]*?from "([^"]+)"|\bimport\("([^"]+)"\)/gms;

/**
 * @param file its path from the root
 * @returns by name: a package's own, or a file's path from the root
 */
export function importsOf(file) {
  const text = readFileSync(join(root, file), "utf8");
  return Array.from(text.matchAll(statement), ([, type, stated, called]) => {
    const specifier = stated ?? called;
    const isFile = specifier.startsWith(".");
    const name = isFile ? normalize(join(dirname(file), specifier)) : specifier;
    return { name, isFile, isType: type !== undefined };
  });
}

/** All files and packages that are loaded with this file, or may be later. */
export function loadedWith(file, all = new Set()) {
  for (const { name, isFile, isType } of importsOf(file)) {
    if (isType || all.has(name)) continue;
    all.add(name);
    if (isFile && /\.(ts|mjs)$/.test(name) && existsSync(join(root, name))) loadedWith(name, all);
  }
  return all;
}

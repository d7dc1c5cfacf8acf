/** The licences of the packages whose code is in a bundle: they have to go wherever the code goes. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const LICENSE = /^(licen[cs]e|notice|copying)/i;

/**
 * @param bundled paths of source files, relative to the root, as esbuild reports them
 * @returns one text, in which each package appears once
 * @throws when a package has no licence: then it cannot be redistributed
 */
export function licensesOf(root, bundled) {
  const folders = new Set(
    bundled.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []),
  );
  const texts = [...folders].map((folder) => licenseOf(join(root, folder)));
  return [...new Set(texts)].sort().join(`\n${"-".repeat(80)}\n\n`);
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  // A folder of this name has the licences of code that the package itself has taken from others.
  const texts = readdirSync(folder, { recursive: true })
    .filter((file) => LICENSE.test(file) && !file.includes("node_modules"))
    .sort()
    .flatMap((file) => textOf(join(folder, file)));
  if (texts.length === 0) throw new Error(`${name} ${version} has no file with its licence`);
  return `${[`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join("\n\n")}\n`;
}

function textOf(path) {
  try {
    return [readFileSync(path, "utf8")];
  } catch (error) {
    if (error.code === "EISDIR") return [];
    throw error;
  }
}

/** Makes programs for tests from the sources, to run in a separate thread or process. */
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, stop } from "esbuild";

const src = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Bundles a few lines of TypeScript into one file, which may be anywhere: a module if it is called `.mjs`.
 * @param code its imports are relative to `src`
 */
export async function makeProgram(file: string, code: string): Promise<string> {
  await build({
    stdin: { contents: code, resolveDir: src, loader: "ts" },
    outfile: file,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: file.endsWith(".mjs") ? "esm" : "cjs",
    logLevel: "error",
    // The installation is found from the sources' location, not from the program's.
    define: { "import.meta.url": JSON.stringify(pathToFileURL(join(src, "program.ts")).href) },
  });
  // The builder is a process, and has inherited the sockets of all native sessions here: none could be closed
  // any more.
  await stop();
  return file;
}

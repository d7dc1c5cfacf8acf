/** Programs for tests, made of the sources: for whatever needs a thread or a process of its own. */
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, stop } from "esbuild";

const src = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Bundles a few lines of TypeScript into one file, which may lie anywhere: a module if it is called `.mjs`.
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
    // The installation is found from where the sources are, not from where the program is.
    define: { "import.meta.url": JSON.stringify(pathToFileURL(join(src, "program.ts")).href) },
  });
  // The builder is a process, and has inherited the sockets of all native sessions
  // here: none could be closed any more.
  await stop();
  return file;
}

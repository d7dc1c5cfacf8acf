/** Bundles a user's own file, and all that it imports, into the code of one module. */
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { BuildFailure } from "esbuild";
import { LabError } from "../lab-error.ts";
import { messageOf } from "../thrown.ts";

interface BundleOptions {
  /** The option and its value, for messages. */
  readonly title: string;
  /** The file's export that the module exports. */
  readonly name: string;
  /** Runs before the file. */
  readonly banner: string;
}

/** @throws {LabError} `usage`, with what is wrong; `unavailable`, when esbuild is not installed */
export async function bundled(file: string, { title, name, banner }: BundleOptions): Promise<string> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new LabError("usage", `${title}: there is no such file`);
  // Loaded on demand: most runs do not need it, loading takes time, and users of the package need not have it.
  const { buildSync } = await import("esbuild").catch((cause) => {
    const what = `${title}: reading such a file needs the package esbuild, which is not installed`;
    throw new LabError("unavailable", `${what}; run npm install esbuild`, { cause });
  });
  const path = resolve(file);
  try {
    const { outputFiles } = buildSync({
      stdin: {
        contents: `import * as file from ${JSON.stringify(path)}; export const ${name} = file.${name};`,
        resolveDir: dirname(path),
      },
      bundle: true,
      write: false,
      platform: "node",
      target: "node20.19",
      format: "esm",
      banner: { js: banner },
      logLevel: "silent",
    });
    return outputFiles.map(({ text }) => text).join("\n");
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    const { file: where, line } = first?.location ?? {};
    const at = line === undefined ? "" : ` (line ${line} of ${where})`;
    throw new LabError("usage", `${title}: it cannot be read: ${first?.text ?? messageOf(error)}${at}`, {
      cause: error,
    });
  }
}

/**
 * The simulation with some lines of the code replaced: bundled again, so that it runs as fast as a normal
 * program.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { Edit } from "./seeded-bugs.ts";

export type Simulation = typeof import("../simulation/walk.ts") &
  typeof import("../simulation/exhaustive.ts");

/** @throws when an edit's text does not occur in its file exactly once: then the edit is out of date */
export async function simulationWith(edits: readonly Edit[]): Promise<Simulation> {
  const src = join(import.meta.dirname, "..");
  const { outputFiles } = await build({
    stdin: {
      contents: 'export * from "./walk.ts"; export * from "./exhaustive.ts";',
      resolveDir: join(src, "simulation"),
    },
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
    logLevel: "silent",
    plugins: [
      {
        name: "edits",
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, async ({ path }) => {
            const own = edits.filter(({ file }) => path === join(src, file));
            return { loader: "ts", contents: own.reduce(edited, await readFile(path, "utf8")) };
          });
        },
      },
    ],
  });
  const [code] = outputFiles;
  if (code === undefined) throw new Error("nothing was built");
  return import(`data:text/javascript;base64,${Buffer.from(code.contents).toString("base64")}`);
}

function edited(code: string, { file, from, to }: Edit): string {
  if (code.split(from).length !== 2) throw new Error(`in ${file} this does not stand exactly once: ${from}`);
  return code.replace(from, () => to);
}

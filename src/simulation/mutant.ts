/** The simulation with a bug in it: the same code, bundled with a few of its lines replaced. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { Edit, SeededBug } from "./seeded-bugs.ts";

/** @throws when an edit's text does not stand in its file exactly once: then the bug is no longer what it says */
export async function mutant({ name, edits }: SeededBug): Promise<typeof import("./walk.ts")> {
  const src = join(import.meta.dirname, "..");
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "walk.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
    logLevel: "silent",
    plugins: [
      {
        name: "seeded-bug",
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, async ({ path }) => {
            const own = edits.filter(({ file }) => path === join(src, file));
            const text = await readFile(path, "utf8");
            return { loader: "ts", contents: own.reduce((code, edit) => patched(code, edit, name), text) };
          });
        },
      },
    ],
  });
  const [code] = outputFiles;
  if (code === undefined) throw new Error(`${name}: nothing was built`);
  return import(`data:text/javascript;base64,${Buffer.from(code.contents).toString("base64")}`);
}

function patched(code: string, { file, from, to }: Edit, name: string): string {
  if (code.split(from).length !== 2) throw new Error(`${name}: in ${file} this does not stand once: ${from}`);
  return code.replace(from, () => to);
}

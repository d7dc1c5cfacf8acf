/**
 * Builds the parts of the package besides the commands: the JSON Schema of result.json, and the library in
 * dist/library. Its code and types are CommonJS, which the ES module only re-exports: in Node, importers and
 * requirers share the classes. A bundler takes module.js for both: CommonJS inside an ES module would find
 * neither Node's modules nor itself.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import buildWhenStale, { bundleable, commonjs } from "./build.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const library = join(root, "dist", "library");

await buildWhenStale();
rmSync(library, { recursive: true, force: true });
const shared = { outdir: library, sourcemap: false };
await Promise.all([
  build({ ...commonjs, ...shared, entryPoints: ["src/index.ts"] }),
  build({ ...bundleable, ...shared, entryPoints: { module: "src/index.ts" } }),
]);
for (const file of ["index.js", "index.d.ts"]) {
  writeFileSync(join(library, file), 'export * from "./index.cjs";\n');
}

const schema = await build({
  ...bundleable,
  entryPoints: ["src/export/result-schema.ts"],
  write: false,
  sourcemap: false,
  outdir: library,
});
const code = schema.outputFiles[0].contents;
const { resultSchema } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
writeFileSync(join(root, "dist", "result.schema.json"), resultSchema());

/** The compiler neither writes declarations of CommonJS nor renames their imports. */
const declarations = mkdtempSync(join(tmpdir(), "zk-election-lab-types-"));
try {
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.package.json", "--outDir", declarations], {
    cwd: root,
    stdio: "inherit",
  });
  for (const file of readdirSync(declarations, { recursive: true })) {
    if (!file.endsWith(".d.ts")) continue;
    const text = readFileSync(join(declarations, file), "utf8");
    const target = join(library, file.replace(/\.ts$/, ".cts"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text.replaceAll(/((?:from |import\()"\.[^"]*)\.ts"/g, '$1.cjs"'));
  }
} finally {
  rmSync(declarations, { recursive: true, force: true });
}

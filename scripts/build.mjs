/**
 * Bundles the sources into dist/ if they have changed since the last time, silently. A worker loads one
 * CommonJS file in a fifth of the time that a TypeScript loader needs, with half of the memory.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { licensesOf } from "./licenses.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");

/** The command, which is in the package. */
const command = { cli: "src/cli.ts" };
/** Programs that a person runs from a clone. */
const programs = {
  "play-page": "src/live/play-page.ts",
  "setup/class-archive": "src/class-archive.ts",
  simulate: "src/simulate.ts",
  "bench/faults": "bench/faults.ts",
  "bench/floor": "bench/floor.ts",
  "bench/fuzz": "bench/fuzz.ts",
  "bench/lapses": "bench/lapses.ts",
  "bench/overhead": "bench/overhead.ts",
  "bench/peers": "bench/peers.ts",
  "bench/service": "bench/service.ts",
  "bench/settled": "bench/settled.ts",
  "bench/soak": "bench/soak.ts",
};
/** Programs for a worker thread or a separate process: one file each, quick to load. */
const helpers = {
  candidate: "src/candidates/thread.ts",
  keeper: "src/ensemble/keeper.ts",
  relay: "src/network/relay-thread.ts",
  "will-keeper": "src/zookeeper/will-keeper.ts",
  yard: "src/processes/yard-thread.ts",
  "candidate-process": "src/processes/candidate-process.ts",
  "piscina-worker": "node_modules/piscina/dist/worker.js",
  "bare-session": "bench/bare-session.ts",
  "fuzz-program": "bench/fuzz-program.ts",
};
/** Code that is compiled once for all threads, and cannot import anything then: it requires modules instead. */
const compiled = { host: "src/candidates/host.ts" };
/** Scripts for a browser, which are written into their pages. */
const pages = {
  report: "src/report/client/main.ts",
  play: "src/live/client/play.ts",
  live: "src/live/client/live.ts",
  replay: "src/live/client/replay.ts",
};

/** A browser finds what the election uses of Node in one file of ours. */
const nodeParts = join(root, "src/live/client/node-parts.ts");
const withoutNode = {
  name: "without-node",
  setup({ onResolve }) {
    onResolve({ filter: /^node:/ }, () => ({ path: nodeParts }));
  },
};

/**
 * Options of every bundle that a person's command or program loads. The packages are inside, so that nobody
 * else has to install them; except the builder, which few need, and a native addon that piscina can do without.
 */
const options = {
  absWorkingDir: root,
  bundle: true,
  external: ["esbuild", "@napi-rs/nice"],
  platform: "node",
  target: "node20.19",
  sourcemap: true,
  logLevel: "error",
  metafile: true,
};

/** Defines what CommonJS packages expect around them, for a bundle that is an ES module. */
const surroundings = {
  banner: {
    js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
  },
  define: { __dirname: "import.meta.dirname" },
};

/** Piscina looks for its worker beside itself: there it is a CommonJS file, which loads faster. */
const piscinaWorker = {
  name: "piscina-worker",
  setup({ onLoad }) {
    onLoad({ filter: /piscina[\\/]dist[\\/]index\.js$/ }, ({ path }) => {
      const [before, after, ...more] = readFileSync(path, "utf8").split("'worker.js'");
      if (after === undefined || more.length > 0) throw new Error(`${path} does not name its worker once`);
      return { contents: `${before}"piscina-worker.cjs"${after}` };
    });
  },
};

/** Runs in the main thread. */
const main = { ...options, ...surroundings, format: "esm", splitting: true, plugins: [piscinaWorker] };

export const commonjs = {
  ...options,
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  define: { "import.meta.url": "moduleUrl" },
  banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
};

/** An ES module that knows its own location inside another bundle, whether that is an ES module or CommonJS. */
export const bundleable = {
  ...options,
  format: "esm",
  define: { "import.meta.url": "moduleUrl" },
  banner: {
    js: `import { pathToFileURL as moduleUrlOf } from "node:url";
const moduleUrl = typeof __filename === "string" ? moduleUrlOf(__filename).href : import.meta.url;`,
  },
};

function hashOfSources() {
  const hash = createHash("sha256");
  // With their types, the entries are listed without a look at each of them.
  const files = ["src", "bench"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).map(({ parentPath, name }) =>
      relative(root, join(parentPath, name)),
    ),
  );
  const sources = files.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  sources.push("package.json", "yarn.lock", "scripts/build.mjs", "scripts/licenses.mjs");
  for (const file of sources.sort()) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

export default async function buildWhenStale() {
  const stamp = join(dist, "sources.sha256");
  const hash = hashOfSources();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  // Most commands find everything built, and would wait for nothing while this is loaded.
  const { build } = await import("esbuild");
  // This writes to a temporary folder first: another run may be loading from dist at this moment.
  const fresh = `${dist}.${process.pid}`;
  const old = `${fresh}.old`;
  try {
    const bundles = await Promise.allSettled([
      // Apart from each other: each program that shared code with the command would cut that into more files.
      build({ ...main, entryPoints: command, outdir: fresh }),
      build({ ...main, entryPoints: programs, outdir: fresh, chunkNames: "program-[name]-[hash]" }),
      build({ ...commonjs, entryPoints: helpers, outdir: fresh }),
      build({
        ...commonjs,
        entryPoints: compiled,
        outdir: fresh,
        supported: { "dynamic-import": false },
        // Each thread keeps the text: V8 finds places for stacks in it.
        minifyWhitespace: true,
        minifySyntax: true,
      }),
      build({
        ...options,
        entryPoints: pages,
        outdir: fresh,
        platform: "browser",
        target: "es2022",
        format: "iife",
        minify: true,
        sourcemap: false,
        inject: [nodeParts],
        plugins: [withoutNode],
      }),
    ]);
    const bundled = bundles.flatMap((bundle) => {
      if (bundle.status === "rejected") throw bundle.reason;
      return Object.keys(bundle.value.metafile.inputs);
    });
    writeFileSync(join(fresh, "third-party-licenses.txt"), licensesOf(root, bundled));
    writeFileSync(join(fresh, "sources.sha256"), hash);
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(fresh, dist);
  } finally {
    for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWhenStale();

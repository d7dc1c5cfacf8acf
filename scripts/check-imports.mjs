/**
 * Checks that imports point one way. A folder may import from those that its line names, and a package with a
 * line below may be imported by the named files only.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Everybody may import these: they import nothing of ours. */
const ground = [
  "lab-error.ts",
  "installation.ts",
  "unwritable.ts",
  "make-folder.ts",
  "output.ts",
  "shape.ts",
];

const layers = {
  history: [],
  zookeeper: [],
  "machine.ts": [],
  election: ["zookeeper"],
  candidates: ["election", "zookeeper", "history"],
  faults: ["candidates"],
  ensemble: ["zookeeper", "history"],
  metrics: ["history"],
  checkers: ["history"],
  export: ["metrics", "checkers", "election", "history"],
  run: [
    "faults",
    "candidates",
    "election",
    "ensemble",
    "zookeeper",
    "history",
    "metrics",
    "checkers",
    "export",
    "machine.ts",
    "options",
  ],
  options: ["run", "election", "ensemble", "zookeeper", "faults", "metrics"],
  "report.ts": ["options", "run", "export"],
  terminal: ["export", "metrics", "checkers", "run"],
  tutorial: ["options", "election", "ensemble", "zookeeper"],
  "index.ts": ["election", "zookeeper"],
  "ending.ts": [],
  "interruption.ts": [],
  "cli.ts": [
    "ending.ts",
    "interruption.ts",
    "options",
    "run",
    "report.ts",
    "terminal",
    "tutorial",
    "export",
    "checkers",
    "metrics",
  ],
  simulation: ["zookeeper", "election"],
  "simulate.ts": ["ending.ts", "options", "simulation"],
  testing: ["election", "ensemble", "zookeeper", "export", "metrics", "checkers", "history", "simulation"],
  "lab-error.ts": [],
  "installation.ts": [],
  "unwritable.ts": [],
  "make-folder.ts": [],
  "output.ts": [],
  "shape.ts": [],
};

const packages = {
  piscina: ["candidates/pool.ts"],
  yargs: ["options/flags.ts"],
  chalk: ["terminal/format.ts"],
  typebox: ["shape.ts"],
  "node-gyp-build": [],
  zookeeper: ["zookeeper/binding.ts"],
  esbuild: ["options/scheme-file.ts", "simulation/patched.ts", "testing/program.ts"],
};

const faults = [];
for (const file of readdirSync(join(root, "src"), { recursive: true })) {
  if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
  const layer = file.split("/")[0];
  const text = readFileSync(join(root, "src", file), "utf8");
  for (const [, specifier] of text.matchAll(/^(?:import|export)[^"]*?from "([^"]+)"/gms)) {
    if (specifier.startsWith(".")) {
      const path = normalize(join(dirname(file), specifier));
      // Beside src, there is bench.
      const target = path.replace(/^\.\.\//, "").split("/")[0];
      const allowed = layers[layer];
      if (allowed === undefined)
        faults.push(`src/${file}: its folder has no line in ${import.meta.filename}`);
      else if (target !== layer && !allowed.includes(target) && !ground.includes(target)) {
        faults.push(`src/${file} must not import from ${target} (${specifier})`);
      }
    } else if (packages[specifier] !== undefined && !packages[specifier].includes(file)) {
      faults.push(`src/${file} must not import ${specifier}: that is for ${packages[specifier].join(", ")}`);
    }
  }
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

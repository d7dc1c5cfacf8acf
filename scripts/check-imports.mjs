/**
 * Checks that imports point one way. A folder may import from the folders and files that its line names, and so
 * may a file with its own line. Only the named files may import a package with a line below.
 */
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { importsOf, root } from "./imports.mjs";

/** All may import these; of our own files, they import only each other. */
const ground = [
  "lab-error.ts",
  "thrown.ts",
  "installation.ts",
  "package-root.ts",
  "unwritable.ts",
  "make-folder.ts",
  "output.ts",
  "shape.ts",
];

const layers = {
  history: [],
  zookeeper: [],
  network: [],
  "machine.ts": [],
  election: ["zookeeper"],
  candidates: ["election", "zookeeper", "history"],
  processes: ["candidates", "election", "network", "zookeeper", "history"],
  // It also runs in a browser, for a report: its imports from elsewhere are only types, see below.
  faults: [],
  ensemble: ["network", "zookeeper", "history"],
  metrics: ["history", "election/pace.ts"],
  checkers: ["history"],
  export: ["metrics", "checkers", "faults", "election", "history"],
  run: [
    "faults",
    "candidates",
    "processes",
    "election",
    "ensemble",
    "network",
    "zookeeper",
    "history",
    "metrics",
    "checkers",
    "export",
    "machine.ts",
  ],
  // What is to be tried, and what is told of it, is known before anything runs.
  "run/occasions.ts": ["faults"],
  "run/trial-plan.ts": ["run/occasions.ts", "candidates", "election", "faults", "history"],
  "run/plan.ts": ["run/trial-plan.ts", "ensemble", "export", "history", "metrics", "zookeeper"],
  "run/progress.ts": ["run/trial-plan.ts", "export", "history"],
  options: [
    "candidates/limits.ts",
    "run/occasions.ts",
    "run/plan.ts",
    "run/trial-plan.ts",
    "election",
    "ensemble",
    "zookeeper",
    "faults",
    "metrics",
    "history",
  ],
  report: ["export", "metrics", "checkers", "faults", "election", "history"],
  live: ["report", "simulation", "election", "history"],
  "live-server": ["live", "report", "options", "run", "faults", "election", "history"],
  "report.ts": ["options", "run", "export", "report"],
  terminal: ["export", "metrics", "checkers", "faults", "history", "run/progress.ts", "run/trial-plan.ts"],
  "by-hand": ["options", "election", "ensemble", "zookeeper"],
  "index.ts": ["election", "zookeeper", "faults/script.ts"],
  "ending.ts": [],
  "interruption.ts": [],
  "browser.ts": [],
  "program.ts": ["terminal"],
  "saved.ts": [
    "browser.ts",
    "ending.ts",
    "options",
    "run",
    "report.ts",
    "terminal",
    "live-server",
    "export",
    "metrics",
  ],
  "measure.ts": [
    "program.ts",
    "saved.ts",
    "ending.ts",
    "options",
    "run",
    "report.ts",
    "terminal",
    "live-server",
    "export",
  ],
  "cli.ts": [
    "program.ts",
    "measure.ts",
    "saved.ts",
    "ending.ts",
    "interruption.ts",
    "options",
    "terminal",
    "by-hand",
  ],
  simulation: ["zookeeper", "election", "history"],
  "simulate.ts": ["ending.ts", "options", "simulation"],
  "class-archive.ts": ["ensemble"],
  testing: [
    "election",
    "ensemble",
    "network",
    "zookeeper",
    "export",
    "report",
    "faults",
    "metrics",
    "checkers",
    "history",
    "simulation",
    "live",
    "run",
  ],
  "lab-error.ts": [],
  "thrown.ts": [],
  "installation.ts": [],
  "package-root.ts": [],
  "unwritable.ts": [],
  "make-folder.ts": [],
  "output.ts": [],
  "shape.ts": [],
};

/** A folder may import types from these; types are erased at run time. */
const types = {
  faults: ["candidates", "ensemble", "network", "zookeeper", "history"],
};

const packages = {
  piscina: ["candidates/pool.ts"],
  yargs: ["options/flags.ts"],
  chalk: ["terminal/format.ts"],
  open: ["browser.ts"],
  typebox: ["shape.ts"],
  "node-gyp-build": [],
  zookeeper: ["zookeeper/binding.ts"],
  esbuild: ["options/own-file.ts", "testing/patched-simulation.ts", "testing/program.ts"],
};

const faults = [];
for (const file of readdirSync(join(root, "src"), { recursive: true })) {
  if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
  const folder = file.split("/")[0];
  const allowed = layers[file] ?? layers[folder];
  const within = layers[file] === undefined ? [folder] : [];
  if (allowed === undefined) faults.push(`src/${file}: its folder has no line in ${import.meta.filename}`);
  for (const { name, isFile, isType } of importsOf(join("src", file))) {
    if (isFile) {
      const path = relative("src", name);
      const mayBe = [...within, ...ground, ...(allowed ?? []), ...(isType ? (types[folder] ?? []) : [])];
      if (!mayBe.includes(path) && !mayBe.includes(path.split("/")[0]))
        faults.push(`src/${file} must not import from ${path}`);
    } else if (packages[name] !== undefined && !packages[name].includes(file)) {
      faults.push(`src/${file} must not import ${name}: that is for ${packages[name].join(", ")}`);
    }
  }
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

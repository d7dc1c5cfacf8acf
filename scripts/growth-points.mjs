/**
 * Prints what cost models are fitted to, of a saved run of `yarn bench --growth`, for the test of the models:
 * `node scripts/growth-points.mjs RUN > src/testing/growth-points.jsonl`
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("name the folder of a run of yarn bench --growth");
const { run, environment, trials } = JSON.parse(readFileSync(join(folder, "result.json"), "utf8"));

/** Five digits are more than any measurement has, except counts and bytes. */
const short = (value) => (Number.isInteger(value) || value === null ? value : Number(value.toPrecision(5)));
const shortened = (values) =>
  JSON.parse(JSON.stringify(values), (_, value) => (typeof value === "number" ? short(value) : value));

const lines = trials.map(({ scheme, candidates, servers, perThread, join: joins, ...trial }) => {
  const settled = trial.failovers.filter(({ end }) => end === "settled");
  const each = (read) => settled.map(read);
  const point = {
    ...{ scheme, candidates, servers, perThread, join: joins, sessionTimeoutMs: trial.sessionTimeoutMs },
    failovers: {
      totalMs: each(({ totalMs }) => totalMs),
      settledMs: each(({ settledMs }) => settledMs),
      notifications: each(({ notifications }) => notifications),
      reads: each(({ reads }) => reads),
      responseBytes: each(({ server }) => server?.responseBytes ?? null),
      cpuMs: each(({ server }) => server?.cpuMs ?? null),
      childrenWatches: each(({ server }) => server?.childrenWatches ?? null),
    },
    enrolment: trial.enrolment,
    crowd: trial.crowd,
  };
  return JSON.stringify(shortened(point));
});

const { version, servers, tickTimeMs } = environment.server;
const about = {
  ...{ version: run.version, node: environment.node, cores: environment.cores, zookeeper: version },
  ...{ servers, tickTimeMs, seed: run.seed },
};
process.stdout.write(`${[JSON.stringify(about), ...lines].join("\n")}\n`);

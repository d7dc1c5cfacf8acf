/** Runs a command from fresh code: `node scripts/run.mjs <file in dist> [arguments]`. */
import buildWhenStale from "./build.mjs";

await buildWhenStale();
const [file] = process.argv.splice(2, 1);
await import(`../dist/${file}.js`);

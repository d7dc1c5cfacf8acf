/**
 * Runs a command from fresh code, as package.json says: `node scripts/run.mjs <file in dist> [arguments]`. Yarn
 * and npm change to the package's root for it; paths are relative to the user's folder, so the command runs
 * there.
 */
import buildWhenStale, { root } from "./build.mjs";

await buildWhenStale();
const { npm_package_name: script, INIT_CWD: here } = process.env;
// A script of another package, or one that has changed to another folder, passes on variables that are not
// meant for us.
if (here !== undefined && script === "zk-election-lab" && process.cwd() === root) process.chdir(here);
const [file] = process.argv.splice(2, 1);
await import(`../dist/${file}.js`);

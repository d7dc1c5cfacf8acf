// Exposes `src/ensemble/distribution.ts` to the shell scripts beside this file:
//     node scripts/find-zookeeper.mjs java | server [version] | home <version>
// Prints one line; if there is nothing, one line on stderr and exit 69. It bundles that one file on the fly,
// because the set-up runs before anything is built, and Node 20 does not read TypeScript.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const [what, version] = process.argv.slice(2);
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL("../src/ensemble/distribution.ts", import.meta.url))],
  bundle: true,
  platform: "node",
  format: "esm",
  write: false,
});
const distribution = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
);

try {
  if (what === "java") {
    const { java, javaMajor } = await distribution.findJava();
    console.log(`Java ${javaMajor} (${java})`);
  } else if (what === "server") {
    const server = distribution.findServer(version ? { version } : {});
    console.log(`ZooKeeper ${server.version}, ${server.source} (${server.home})`);
  } else if (what === "home" && version) {
    console.log(distribution.fetchedHome(version));
  } else {
    throw new Error("Usage: find-zookeeper.mjs java | server [version] | home <version>");
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 69;
}

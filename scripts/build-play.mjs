/** Writes docs/play.html: the live page on a model of ZooKeeper, in one file that needs nothing else. */
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import buildWhenStale, { root } from "./build.mjs";

await buildWhenStale();
const { playPage } = await import("../dist/play-page.js");
const file = join(root, "docs", "play.html");
const script = readFileSync(join(root, "dist", "play.js"), "utf8");
writeFileSync(file, playPage(script));
console.log(relative(process.cwd(), file));

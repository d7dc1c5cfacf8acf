/**
 * Tests the set-up's own decisions in real runs: no network, no package manager, nothing outside a temporary
 * folder.
 */
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DEFAULT_VERSION } from "../src/ensemble/distribution.ts";
import { linkTools } from "../src/testing/linked-tools.ts";

const scripts = dirname(fileURLToPath(import.meta.url));
/** Everything that fetching may use; above all, no Maven. */
const TOOLS = "basename bash cat cp dirname gzip head mkdir mktemp node rm sed tail tar uname".split(" ");

let folder: string;
let bin: string;
let cache: string;
let releases: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zk-election-lab-setup-"));
  bin = join(folder, "bin");
  cache = join(folder, "cache");
  releases = join(folder, "releases");
  mkdirSync(bin);
  mkdirSync(releases);
  linkTools(bin, TOOLS);
});

afterEach(() => rmSync(folder, { recursive: true }));

async function run(script: string, ...options: string[]) {
  return runIn(dirname(scripts), script, ...options);
}

async function runIn(clone: string, script: string, ...options: string[]) {
  const environment = { PATH: bin, ZK_ELECTION_LAB_CACHE: cache, ZOOKEEPER_RELEASES: releases };
  const result = await execa(join(clone, "scripts", script), options, {
    env: environment,
    extendEnv: false,
    reject: false,
    timeout: 20_000,
  });
  return { code: result.exitCode, said: `${result.stdout}${result.stderr}`, tookMs: result.durationMs };
}

const fetch = (version: string) => run("fetch-zookeeper", version);

/** A release in Apache's layout, with one empty jar. */
async function release(version: string, change?: { sha512?: string; jar?: string }) {
  const name = `apache-zookeeper-${version}-bin`;
  const place = join(releases, `zookeeper-${version}`);
  mkdirSync(join(place, name, "lib"), { recursive: true });
  writeFileSync(join(place, name, "lib", change?.jar ?? `zookeeper-${version}.jar`), "");
  const archive = join(place, `${name}.tar.gz`);
  await execa("tar", ["-czf", archive, "-C", place, name]);
  const sha512 = change?.sha512 ?? createHash("sha512").update(readFileSync(archive)).digest("hex");
  writeFileSync(`${archive}.sha512`, `${sha512}  ${name}.tar.gz\n`);
}

/** A stand-in for a tool. */
function tool(name: string, does: string): string {
  const program = join(bin, name);
  writeFileSync(program, `#!/usr/bin/env bash\n${does}\n`);
  chmodSync(program, 0o755);
  return program;
}

/** A stand-in for Maven; its one argument says where to put the jars. */
function maven(does: string) {
  tool("mvn", `for a; do [[ $a == -DoutputDirectory=* ]] && out="\${a#*=}"; done\n${does}`);
}

const fetched = (version: string) => join(cache, `zookeeper-${version}`, "lib", `zookeeper-${version}.jar`);

test("without Maven, a release is fetched, and a second time nothing is done", async () => {
  await release("3.9.5");
  expect(await fetch("3.9.5")).toMatchObject({ code: 0 });
  expect(existsSync(fetched("3.9.5"))).toBe(true);
  expect(readdirSync(cache)).toEqual(["zookeeper-3.9.5"]);

  rmSync(releases, { recursive: true });
  const again = await fetch("3.9.5");
  expect(again).toMatchObject({ code: 0, said: "" });
  expect(again.tookMs).toBeLessThan(3000);
});

test("the version is the pinned one unless another is named", async () => {
  await release(DEFAULT_VERSION);
  expect(await run("fetch-zookeeper")).toMatchObject({ code: 0 });
  expect(existsSync(fetched(DEFAULT_VERSION))).toBe(true);
});

test("a release with another checksum is refused, and nothing stays", async () => {
  await release("3.9.5", { sha512: "0".repeat(128) });
  const { code, said } = await fetch("3.9.5");
  expect(code).toBe(69);
  expect(said).toContain("does not have the SHA-512");
  expect(readdirSync(cache)).toEqual([]);
});

test("an archive without the server is refused, and nothing stays", async () => {
  await release("3.9.5", { jar: "zookeeper-3.9.4.jar" });
  const { code, said } = await fetch("3.9.5");
  expect(code).toBe(69);
  expect(said).toContain("holds no apache-zookeeper-3.9.5-bin/lib/zookeeper-3.9.5.jar");
  expect(readdirSync(cache)).toEqual([]);
});

test("for a version that cannot be found, the message names the places that were tried", async () => {
  const { code, said } = await fetch("3.9.99");
  expect(code).toBe(69);
  expect(said).toContain("ZooKeeper 3.9.99 could not be fetched: no mvn on PATH;");
  expect(said).toContain(`cannot be had from ${releases}`);
  expect(readdirSync(cache)).toEqual([]);
});

test("an invalid version is wrong usage", async () => {
  expect(await fetch("../../etc")).toMatchObject({ code: 64 });
  expect(existsSync(cache)).toBe(false);
});

test("Maven comes first", async () => {
  maven('mkdir -p "$out" && >"$out/zookeeper-3.8.4.jar"');
  expect(await fetch("3.8.4")).toMatchObject({ code: 0 });
  expect(existsSync(fetched("3.8.4"))).toBe(true);
  expect(readdirSync(cache)).toEqual(["zookeeper-3.8.4"]);
});

test("when Maven fails, its reason is printed and the release is fetched", async () => {
  maven(
    "echo '[ERROR] Failed to execute goal x:y:copy (default-cli) on project z: no route -> [Help 1]'; exit 1",
  );
  await release("3.8.4");
  const { code, said } = await fetch("3.8.4");
  expect(code).toBe(0);
  expect(said).toContain("that failed. Maven: no route\n");
  expect(existsSync(fetched("3.8.4"))).toBe(true);
});

test("for a cache folder that cannot be made, the message names the variable for another one", async () => {
  writeFileSync(cache, "a file");
  const { code, said } = await fetch("3.9.5");
  expect(code).toBe(69);
  expect(said).toContain("ZK_ELECTION_LAB_CACHE");
});

test("something else in the place of a server is left alone", async () => {
  await release("3.9.5");
  mkdirSync(join(cache, "zookeeper-3.9.5"), { recursive: true });
  writeFileSync(join(cache, "zookeeper-3.9.5", "notes.txt"), "mine");
  const { code, said } = await fetch("3.9.5");
  expect(code).toBe(69);
  expect(said).toContain("is in the way");
  expect(readdirSync(join(cache, "zookeeper-3.9.5"))).toEqual(["notes.txt"]);
});

test.each([
  ["--help", 0, "--zookeeper-version VERSION"],
  ["--zookeeper-version", 64, "needs a version"],
  ["--zookeeper", 64, "unknown option --zookeeper"],
])("setup %s exits %i before it does anything", async (option, code, words) => {
  const result = await run("setup", option);
  expect(result.code).toBe(code);
  expect(result.said).toContain(words);
});

test.each([
  [
    "Hadoop's",
    "echo 'ERROR: JAVA_HOME is not set and could not be found.' >&2; exit 1",
    "JAVA_HOME is not set",
  ],
  ["one that goes its own way", "echo 1.22.22", "says: 1.22.22"],
  ["one that says nothing", "exec cat", "says: nothing"],
])("a yarn on PATH that is none of use, %s, is named with the next step", async (_whose, does, words) => {
  const yarn = tool("yarn", does);
  const { code, said } = await run("setup");
  expect(code).toBe(69);
  expect(said).toMatch(/^setup: .* is no Yarn .*corepack enable.*$/);
  expect(said).toContain(`${yarn} is no Yarn`);
  expect(said).toContain(words);
});

/** Only Linux compiles the native client. */
const onLinux = process.platform === "linux";

test.runIf(onLinux).each([
  ["with a space", " "],
  ["it's mine", "'"],
  ["a:b", ":"],
  ["a(b)", "("],
  ["back\\slash", "\\"],
])("a clone at a path like %s is refused before anything is fetched", async (name, character) => {
  const clone = join(folder, name);
  cpSync(scripts, join(clone, "scripts"), { recursive: true });
  const { code, said } = await runIn(clone, "setup");
  expect(code).toBe(69);
  expect(said).toBe(
    `setup: the native ZooKeeper client cannot be compiled below '${clone}': node-gyp takes no '${character}' in a ` +
      "path; move this clone to one without",
  );
  expect(readdirSync(clone)).toEqual(["scripts"]);
});

test.runIf(onLinux)("a path of letters, digits and harmless signs is accepted", async () => {
  const clone = join(folder, "größe-1.0_a+b@c,d~e%f");
  cpSync(scripts, join(clone, "scripts"), { recursive: true });
  cpSync(join(dirname(scripts), ".yarn", "releases"), join(clone, ".yarn", "releases"), { recursive: true });
  tool("yarn", "echo 0.0.0");
  expect((await runIn(clone, "setup")).said).toContain("is no Yarn");
});

test("setting up and building change no file of a clone", async () => {
  const root = dirname(scripts);
  const clone = join(folder, "clone");
  const needed = [
    ".gitignore",
    ".yarnrc.yml",
    ".yarn/patches",
    ".yarn/plugins",
    ".yarn/releases",
    "package.json",
    "yarn.lock",
    "scripts",
    "src",
  ];
  for (const name of [...needed, "bench", "tsconfig.json", "tsconfig.package.json"])
    cpSync(join(root, name), join(clone, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
  const git = (...args: string[]) => execa("git", args, { cwd: clone });
  await git("init", "--quiet");
  await git("add", "--all");

  const [release = ""] = readdirSync(join(clone, ".yarn", "releases"));
  const yarn = [join(".yarn", "releases", release), "install"];
  // Works like an installation, except that no package is unpacked: they are there. With CI set Yarn only
  // refuses to write.
  await execa(process.execPath, [...yarn, "--mode=update-lockfile"], { cwd: clone, env: { CI: "" } });
  await execa(process.execPath, ["scripts/build-package.mjs"], { cwd: clone });
  expect(existsSync(join(clone, "dist", "library"))).toBe(true);
  expect((await git("ls-files", "--modified", "--others", "--exclude-standard")).stdout).toBe("");
}, 60_000);

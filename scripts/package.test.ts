/** Tests the package as others get it: packed, unpacked into an empty project, and used from there. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { buildSync } from "esbuild";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readFenced } from "../src/election/fence.ts";
import type { Ensemble } from "../src/ensemble/ensemble.ts";
import { startLocal } from "../src/ensemble/local.ts";
import { Scratch } from "../src/ensemble/scratch.ts";

const root = dirname(import.meta.dirname);
const modules = join(root, "node_modules");

let scratch: Scratch;
let ensemble: Ensemble;
/** Somebody else's project. */
let project: string;
let tarball: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  tarball = join(project, "package.tgz");
  const yarn = join(root, ".yarn", "releases", "yarn-4.18.1.cjs");
  await execa(process.execPath, [yarn, "pack", "--out", tarball], { cwd: root });
  await execa("tar", ["-xzf", tarball], { cwd: project });
  await mkdir(join(project, "node_modules", "@types"), { recursive: true });
  await cp(join(project, "package"), join(project, "node_modules", "zk-election-lab"), { recursive: true });
  // Only its declared dependencies. The native client is not compiled again: that takes half a minute.
  const { dependencies } = JSON.parse(await readFile(join(project, "package", "package.json"), "utf8"));
  for (const name of [...Object.keys(dependencies), "@types/node"])
    await symlink(join(modules, name), join(project, "node_modules", name));
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "package-test" });
}, 60_000);

afterAll(async () => {
  await ensemble?.close();
  await scratch?.[Symbol.asyncDispose]();
  await rm(project, { recursive: true, force: true });
});

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(project, name), text);
  return name;
}

function node(...args: string[]) {
  return execa(process.execPath, args, { cwd: project, reject: false, timeout: 30_000 });
}

/** Leads in a new session, reports it, and leaves. */
const ELECT = `
  async function elect(path) {
    const session = await openSession({ connect: "CONNECT", timeoutMs: 10_000 });
    const election = new Election(session, { path, scheme: schemes.predecessor });
    const { contender } = await election.campaign();
    console.log("leads", path, /^[0-9a-f]{32}-c-/.test(contender.name));
    await election.resign();
    await session.close();
    return session;
  }`;
const IMPORT = `import { Election, openSession, schemes } from "zk-election-lab";`;
const REQUIRE = `const { Election, openSession, schemes } = require("zk-election-lab");`;
const elect = () => ELECT.replace("CONNECT", ensemble.connect);

test("holds what is needed, and nothing else", async () => {
  const names = (await readdir(join(project, "package"), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(project, "package").length + 1));
  const rest = names.filter(
    (name) =>
      !/^dist\/(library\/(election|zookeeper)\/[a-z-]+\.d\.cts|(?!program-)[a-z-]+-[A-Z\d]{8}\.js)$/.test(
        name,
      ) && !/^docs\/[a-z-]+\.md$/.test(name),
  );
  expect(rest.toSorted()).toEqual([
    ".yarn/patches/zookeeper-npm-7.3.0.patch",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "dist/candidate-process.cjs",
    "dist/candidate.cjs",
    "dist/cli.js",
    "dist/host.cjs",
    "dist/keeper.cjs",
    "dist/library/faults/script.d.cts",
    "dist/library/index.cjs",
    "dist/library/index.d.cts",
    "dist/library/index.d.ts",
    "dist/library/index.js",
    "dist/library/lab-error.d.cts",
    "dist/library/module.js",
    "dist/library/package-root.d.cts",
    "dist/library/thrown.d.cts",
    "dist/live.js",
    "dist/piscina-worker.cjs",
    "dist/relay.cjs",
    "dist/replay.js",
    "dist/report.js",
    "dist/result.schema.json",
    "dist/third-party-licenses.txt",
    "dist/will-keeper.cjs",
    "dist/yard.cjs",
    "package.json",
  ]);
});

test("brings no package except the native client, and the licences of bundled ones", async () => {
  const read = (name: string) => readFile(join(project, "package", name), "utf8");
  const manifest = await read("package.json");
  expect(JSON.parse(manifest).dependencies).toEqual({ zookeeper: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  // A patch is a file of this clone.
  expect(manifest).not.toContain("patch:");
  const licenses = (await read("dist/third-party-licenses.txt")).split("\n");
  const bundled = new Set<string>();
  for (const name of await readdir(join(project, "package", "dist")))
    if (/\.c?js$/.test(name))
      for (const [, owner = ""] of (await read(`dist/${name}`)).matchAll(
        /^\/\/ .*node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm,
      ))
        bundled.add(owner);
  expect(bundled).toContain("echarts");
  const licensed = (name: string) => licenses.some((line) => line.startsWith(`${name} `));
  expect([...bundled].filter((name) => !licensed(name))).toEqual([]);
});

describe("an election", () => {
  test.each([
    ["import", "elect.mjs", IMPORT],
    ["require", "elect.cjs", REQUIRE],
  ])("by %s", async (_how, name, head) => {
    const { stdout, stderr, exitCode } = await node(
      await file(name, `${head}${elect()}\nelect("/services/mail").then(() => console.log("left"));`),
    );
    expect({ stdout, stderr, exitCode }).toEqual({
      stdout: "leads /services/mail true\nleft",
      stderr: "",
      exitCode: 0,
    });
  });

  test.each([
    ["import", "worker.mjs", IMPORT],
    ["require", "worker.cjs", REQUIRE],
  ])("by %s in two threads, beside the main one", async (how, name, head) => {
    const threads =
      how === "import"
        ? 'import * as threads from "node:worker_threads";'
        : 'const threads = require("node:worker_threads");';
    const { stdout, stderr, exitCode } = await node(
      await file(
        name,
        `${head}${threads}${elect()}
         const self = ${how === "import" ? "new URL(import.meta.url)" : "__filename"};
         const ended = threads.isMainThread
           ? [1, 2].map((n) => new Promise((done) => new threads.Worker(self, { workerData: n }).on("exit", done)))
           : [];
         elect("/threads/" + (threads.workerData ?? "main"))
           .then(() => Promise.all(ended))
           .then((codes) => threads.isMainThread && console.log("exits", ...codes));`,
      ),
    );
    expect(stdout.split("\n").toSorted()).toEqual([
      "exits 0 0",
      "leads /threads/1 true",
      "leads /threads/2 true",
      "leads /threads/main true",
    ]);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  });

  test("by both in one process, which share their classes", async () => {
    const { stdout, stderr, exitCode } = await node(
      await file(
        "both.mjs",
        `import { createRequire } from "node:module";
         import * as imported from "zk-election-lab";
         const required = createRequire(import.meta.url)("zk-election-lab");
         const { Election, openSession, schemes } = required;${elect()}
         const electImported = (() => {
           const { Election, openSession, schemes } = imported;${elect()}
           return elect;
         })();
         await Promise.all([elect("/both/required"), electImported("/both/imported")]);
         // Node adds these names to a CommonJS module that is imported, the second one since version 23.
         const names = Object.keys(imported).filter((name) => !["default", "module.exports"].includes(name));
         console.log(names.every((name) => imported[name] === required[name]), names.join() === Object.keys(required).sort().join());`,
      ),
    );
    expect(stdout.split("\n").at(-1)).toBe("true true");
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  });
});

test("without a compiled client, as after npm install --ignore-scripts, its error says what to run", async () => {
  const there = join(project, "without-scripts", "node_modules");
  await mkdir(join(there, "zookeeper"), { recursive: true });
  await cp(join(project, "package"), join(there, "zk-election-lab"), { recursive: true });
  await cp(join(modules, "zookeeper", "package.json"), join(there, "zookeeper", "package.json"));
  await symlink(join(modules, "node-gyp-build"), join(there, "node-gyp-build"));
  const name = await file(
    "without-scripts/open.mjs",
    `import { openSession } from "zk-election-lab";
     await openSession({ connect: "127.0.0.1:2181", timeoutMs: 10_000 }).catch(({ message }) => console.log(message));`,
  );
  const { stdout, stderr, exitCode } = await node(name);
  expect(stdout).toContain("run: npm rebuild zookeeper");
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
});

/** Bundled without esbuild's helper process, which would inherit the sockets of this process's sessions. */
describe("an election in a bundle", () => {
  const THREADS = 'threads.isMainThread ? "main" : threads.workerData';
  /** Runs in the main thread and then in another one, which loads the same bundle. */
  const service = (self: string) => `${elect()}
    elect("/bundled/" + (${THREADS})).then(() => {
      if (threads.isMainThread) new threads.Worker(${self}, { workerData: "thread" });
    });`;

  test.each([
    [
      "an ES module",
      "esm",
      `${IMPORT} import * as threads from "node:worker_threads";`,
      "new URL(import.meta.url)",
    ],
    ["CommonJS", "cjs", `${IMPORT} import * as threads from "node:worker_threads";`, "__filename"],
    [
      "CommonJS that requires it",
      "cjs",
      `${REQUIRE} const threads = require("node:worker_threads");`,
      "__filename",
    ],
  ] as const)("that is %s", async (what, format, head, self) => {
    const name = `bundled-${what.replaceAll(" ", "-")}`;
    const outfile = join(project, "build", `${name}.${format === "esm" ? "mjs" : "cjs"}`);
    const { warnings } = buildSync({
      entryPoints: [join(project, await file(`${name}.ts`, `${head}${service(self)}`))],
      bundle: true,
      platform: "node",
      format,
      outfile,
      logLevel: "silent",
    });
    expect(warnings).toEqual([]);
    expect(await readFile(outfile, "utf8")).not.toMatch(/(from |require\()"zk-election-lab"/);
    const { stdout, stderr, exitCode } = await node(outfile);
    expect({ stdout, stderr, exitCode }).toEqual({
      stdout: "leads /bundled/main true\nleads /bundled/thread true",
      stderr: "",
      exitCode: 0,
    });
  });

  test("that imports and requires it has its classes once", async () => {
    const entry = await file(
      "bundled-both.ts",
      `${IMPORT} console.log(require("zk-election-lab").Election === Election);`,
    );
    const outfile = join(project, "build", "both.mjs");
    buildSync({
      entryPoints: [join(project, entry)],
      bundle: true,
      platform: "node",
      format: "esm",
      outfile,
    });
    expect(await node(outfile)).toMatchObject({ stdout: "true", stderr: "", exitCode: 0 });
  });
});

/** The examples of a page, in their order. */
async function examples(page: string): Promise<string[]> {
  const text = await readFile(join(root, "docs", page), "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].flatMap(([, code]) => code ?? []);
}

describe("the service of docs/using-the-election.md", () => {
  test("leads, leads again with a new session after a long freeze, and leaves on SIGTERM", async () => {
    const [service = ""] = await examples("using-the-election.md");
    const here = service.replace("zk1:2181,zk2:2181,zk3:2181", ensemble.connect).replace("10_000", "1000");
    const child = node(await file("service.mjs", here));
    const lines: string[] = [];
    for await (const line of child) {
      lines.push(String(line));
      if (lines.length === 1) {
        child.kill("SIGSTOP");
        await delay(2500);
        child.kill("SIGCONT");
      } else if (lines.length === 3) {
        await vi.waitFor(async () => {
          const state = await readFenced(ensemble.session, "/services/mail/state");
          expect(`leads with token ${state?.token}`).toBe(lines[2]);
        }, 5000);
        child.kill("SIGTERM");
      }
    }
    expect(lines).toEqual([
      expect.stringMatching(/^leads with token \d+$/),
      expect.stringMatching(/^leads no longer: (expired|suspended|lapsed)$/),
      expect.stringMatching(/^leads with token \d+$/),
      "leads no longer: resigned",
    ]);
    const [first = 0, second = 0] = [lines[0], lines[2]].map((line) => Number(line?.split(" ").at(-1)));
    expect(second).toBeGreaterThan(first);
    expect(await child).toMatchObject({ exitCode: 0, stderr: "" });
  });
});

describe("the types", () => {
  const SERVICE = `
    async function serve(): Promise<number> {
      const session: Session = await openSession({
        connect: "zk1:2181,zk2:2181/app",
        timeoutMs: 10_000,
        auth: [{ scheme: "digest", credentials: "user:password" }],
      });
      const options: ElectionOptions = { path: "/services/mail", data: "here", suspendedPolicy: "session" };
      const election = new Election(session, options);
      election.on("ended", (term: Term, reason: EndReason) => console.log(term.token, reason));
      const leader: Standing | undefined = await election.leader();
      const own: Scheme = { ...schemes.leader, decide: ({ position }) => ({ type: position === 0 ? "lead" : "watch-children" }) };
      try {
        for await (const term of election.terms({ signal: AbortSignal.timeout(1000) })) {
          if (term.valid && term.validUntil > performance.now()) {
            await fence(term.token).write(election.session, "/services/mail-state", String(leader?.announced));
          }
          const reason: EndReason = await term.ended;
          for await (const next of observe(session, options.path)) console.log(reason, next?.data);
        }
      } catch (error) {
        if (error instanceof NoAuth) return error.code;
        if (error instanceof Fenced) return error.highest;
      }
      return own.notifications({ contenders: 2, position: 0 });
    }
    void serve();
  `;
  const NAMES = "Election, Fenced, fence, NoAuth, observe, openSession, schemes";
  const TYPES = "ElectionOptions, EndReason, Scheme, Session, Standing, Term";

  /** @param files their texts, by name */
  const check = async (files: Readonly<Record<string, string>>, ...options: string[]) => {
    const names = await Promise.all(Object.entries(files).map(([name, text]) => file(name, text)));
    const { stdout, exitCode } = await execa(
      process.execPath,
      [
        ...[join(modules, "typescript", "bin", "tsc"), ...names, "--noEmit", "--strict"],
        ...["--exactOptionalPropertyTypes", "--target", "es2022", "--types", "node", ...options],
      ],
      { cwd: project, reject: false },
    );
    return { stdout, exitCode };
  };

  test.each([
    ["an ES module, nodenext", "service.mts", ["--module", "nodenext"]],
    ["a CommonJS module, nodenext", "service.cts", ["--module", "nodenext"]],
    ["a bundler's", "service.ts", ["--module", "esnext", "--moduleResolution", "bundler"]],
    ["a bundler's, CommonJS", "required.ts", ["--module", "preserve", "--moduleResolution", "bundler"]],
  ])("are right for %s", async (_whose, name, options) => {
    const head =
      name === "required.ts"
        ? `import lab = require("zk-election-lab"); const { ${NAMES} } = lab; import type { ${TYPES} } from "zk-election-lab";`
        : `import { ${NAMES} } from "zk-election-lab"; import type { ${TYPES} } from "zk-election-lab";`;
    expect(await check({ [name]: head + SERVICE }, ...options)).toEqual({ stdout: "", exitCode: 0 });
  });

  test("and the examples of the documentation are right", async () => {
    const pages = ["using-the-election.md", "write-a-scheme.md", "write-a-fault.md"];
    const all = (await Promise.all(pages.map(examples))).flat();
    expect(all.length).toBeGreaterThan(3);
    const files = Object.fromEntries(all.map((code, index) => [`example-${index}.mts`, code]));
    expect(await check(files, "--module", "nodenext")).toEqual({ stdout: "", exitCode: 0 });
  });

  test("refuse what is wrong", async () => {
    const head = `import { schemes, Election, openSession } from "zk-election-lab";`;
    const wrong = `new Election(await openSession({ connect: "a", timeoutMs: 1 }), { path: 7, scheme: schemes.loudest });`;
    const { stdout } = await check({ "wrong.mts": head + wrong }, "--module", "nodenext");
    expect(stdout).toContain("'loudest' does not exist");
    expect(stdout).toContain("Type 'number' is not assignable to type 'string'");
  });

  test.each([
    ["attw", "@arethetypeswrong/cli/dist/index.js", []],
    ["publint", "publint/src/cli.js", ["--strict"]],
  ])("and the entries: %s finds nothing wrong", async (_tool, bin, options) => {
    const { exitCode, all } = await execa(process.execPath, [join(modules, bin), tarball, ...options], {
      cwd: root,
      reject: false,
      all: true,
    });
    expect(all).toMatch(/No problems found|All good!/);
    expect(exitCode).toBe(0);
  });
});

test("its command measures", async () => {
  const { stdout, exitCode } = await node(
    ...[join("node_modules", "zk-election-lab", "dist", "cli.js"), "lab", "--connect", ensemble.connect],
    ...["--candidates", "2", "--failovers", "2", "--scheme", "predecessor", "--out", "run"],
  );
  expect(stdout).toMatch(/^predecessor +2 +resign .* all valid$/m);
  expect(exitCode).toBe(0);
  expect(await readFile(join(project, "run", "report.html"), "utf8")).toContain("<canvas");
}, 60_000);

test("a scheme file is read if esbuild is installed; otherwise the message says what to install", async () => {
  const command = [
    ...[join("node_modules", "zk-election-lab", "dist", "cli.js"), "lab", "--connect", ensemble.connect],
    ...["--candidates", "2", "--failovers", "1", "--scheme", "./mine.ts", "--out", "run-mine"],
  ];
  await file(
    "mine.ts",
    `export const scheme: object = {
       name: "mine",
       watchesChildren: false,
       notifications: ({ contenders, position }) => (position < contenders - 1 ? 1 : 0),
       decide: ({ contenders, position }) =>
         position === 0 ? { type: "lead" } : { type: "watch", contender: contenders[position - 1] },
     };`,
  );
  expect(await node(...command)).toMatchObject({
    stderr:
      "--scheme ./mine.ts: reading such a file needs the package esbuild, which is not installed; run npm install esbuild",
    exitCode: 69,
  });
  await symlink(join(modules, "esbuild"), join(project, "node_modules", "esbuild"));
  const { stdout, exitCode } = await node(...command);
  expect(stdout).toMatch(/^mine +2 +resign .* all valid$/m);
  expect(exitCode).toBe(0);
}, 60_000);

test("its command lists the commands, by their names there", async () => {
  const program = join("node_modules", "zk-election-lab", "dist", "cli.js");
  const { version } = JSON.parse(await readFile(join(project, "package", "package.json"), "utf8"));
  expect(await node(program, "--version")).toMatchObject({ exitCode: 0, stdout: version, stderr: "" });
  for (const word of ["--help", "-h"]) {
    const { exitCode, stdout } = await node(program, word);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain("yarn");
    expect(stdout.match(/^ {2}zk-election-lab [a-z]+/gm)).toEqual(
      ["lab", "bench", "live", "report", "zookeeper", "client", "will", "completion"].map(
        (name) => `  zk-election-lab ${name}`,
      ),
    );
  }
  const helps = [await node(program, "lab", "--help"), await node(program, "completion", "--help")];
  expect(helps[0]?.stdout).toContain("zk-election-lab lab --candidates 50\n");
  for (const { stdout } of helps) expect(stdout).not.toContain("yarn");
  expect(await node(program, "client", "--electoin", "x")).toMatchObject({
    exitCode: 64,
    stderr: "--electoin: unknown option; did you mean --election? See zk-election-lab client --help",
  });
  expect(await node(program, "benhc")).toMatchObject({
    exitCode: 64,
    stderr: "benhc: unknown command; did you mean bench? See zk-election-lab --help",
  });
  expect(await node(program)).toMatchObject({ exitCode: 64, stdout: "" });
});

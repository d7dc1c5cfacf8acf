/** The program itself, as a person or a script runs it. */
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { execa } from "execa";
import getPort from "get-port";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Result } from "./export/result.ts";
import {
  base,
  expectNothingLeft,
  folder,
  lab,
  program,
  run,
  runsInFoldersOfTheirOwn,
  saved,
} from "./testing/program-run.ts";

runsInFoldersOfTheirOwn();

describe("wrong usage", () => {
  /** A program that tries to start anything finds no Java and no temporary folder here, and exits otherwise. */
  const nothingToStartWith = () => ({ PATH: "", JAVA_HOME: undefined, TMPDIR: join(base, "missing") });

  // What else is refused, and with which words, the tests of the options tell.
  test.each([
    ["--candidates 0", "--candidates 0: give a whole number from 2 to 10000"],
    ["--candidates 9999", "--candidates 9999: "],
  ])("%s: exit 64, and nothing was started", async (line, words) => {
    const { exitCode, stdout, stderr } = await lab(line, nothingToStartWith());
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(stderr.startsWith(words)).toBe(true);
    // A message for a person: no stack, no second line.
    expect(stderr).not.toContain("\n");
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ["a folder that holds something", "full", /^--out full: the folder is not empty; name a new one$/],
    ["a folder under a file", "full/file/run", /^--out full\/file\/run: cannot be written to \(ENOTDIR/],
    ["a folder that cannot be written to", "closed/run", /^--out closed\/run: cannot be written to \(E/],
  ])("--out names %s: exit 64 with the reason", async (_what, out, words) => {
    // Root may write anywhere, except to what no disk can hold.
    const name = process.getuid?.() === 0 && out.startsWith("closed") ? "x".repeat(300) : out;
    await mkdir(join(folder, "full"));
    await writeFile(join(folder, "full", "file"), "precious");
    await mkdir(join(folder, "closed"), { mode: 0o500 });
    const { exitCode, stderr } = await lab(`--out ${name}`, nothingToStartWith());
    await chmod(join(folder, "closed"), 0o700);
    expect(exitCode).toBe(64);
    expect(stderr.replaceAll(name, out)).toMatch(words);
    expect((await readdir(folder)).sort()).toEqual(["closed", "full"]);
    expect(await readFile(join(folder, "full", "file"), "utf8")).toBe("precious");
  });

  test("--zookeeper-home without a server: exit 64, and nothing is left", async () => {
    const { exitCode, stderr } = await lab(`--zookeeper-home ${folder}`);
    expect(exitCode).toBe(64);
    expect(stderr).toContain(`--zookeeper-home ${folder}: no ZooKeeper server there`);
    expect(await readdir(folder)).toEqual([]);
    await expectNothingLeft();
  });

  test("no command, or an unknown one: exit 64", async () => {
    expect(await run(["labor"])).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining("labor: unknown"),
    });
    expect(await run([])).toMatchObject({ exitCode: 64 });
  });
});

describe("no server", () => {
  let silent: Server;
  const sockets = new Set<Socket>();

  beforeAll(async () => {
    silent = createServer((socket) => sockets.add(socket));
    await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  });

  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  async function expectUnavailable(env: NodeJS.ProcessEnv, args: string[], words: RegExp): Promise<void> {
    const start = performance.now();
    const { exitCode, stdout, stderr } = await run(["lab", "--quiet", ...args], env);
    expect(performance.now() - start).toBeLessThan(15_000);
    expect({ exitCode, stdout }).toEqual({ exitCode: 69, stdout: "" });
    expect(stderr).toMatch(words);
    expect(await readdir(folder)).toEqual([]);
    await expectNothingLeft();
  }

  test("--connect to a closed port: exit 69", async () => {
    const connect = `127.0.0.1:${await getPort()}`;
    await expectUnavailable({}, ["--connect", connect], /^--connect .*: no server answers \(.*ECONNREFUSED/);
  });

  test("--connect to a host that does not resolve: exit 69", async () => {
    // RFC 6761: never resolves.
    await expectUnavailable(
      {},
      ["--connect", "zk.invalid:2181"],
      /^--connect zk.invalid:2181: .*zk\.invalid/,
    );
  });

  test("--connect to a port that accepts and never answers: exit 69", async () => {
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : undefined;
    await expectUnavailable(
      {},
      ["--connect", `127.0.0.1:${port}`],
      /^--connect 127\.0\.0\.1:\d+: no server answers \(.* within \d+ ms\)/,
    );
  });

  // Homebrew's Java is found without a PATH.
  test.skipIf(process.platform === "darwin")("no Java: exit 69", async () => {
    await expectUnavailable(
      { PATH: "", JAVA_HOME: undefined },
      [],
      /^no Java 11 or newer found; install one/,
    );
  });
});

describe("a small run", () => {
  test("exit 0, a plain table in a pipe, and the run in a folder of its own", async () => {
    const { exitCode, stdout, stderr } = await lab("--candidates 5 --failovers 3", { FORCE_COLOR: "1" });
    expect(exitCode).toBe(0);
    const [name = ""] = await readdir(join(folder, "runs"));
    expect(name).toMatch(/^\d{4}-\d\d-\d\dT[\d-]+Z-lab$/);
    // The warnings about a machine differ; the warning that three failovers are few is always there.
    const warnings = stdout.split("\n").filter((line) => line.startsWith("! "));
    expect(warnings).toContainEqual(expect.stringContaining("! too-few-samples: 3 failovers measured"));
    expect(stdout.split("\n")).toEqual([
      expect.stringMatching(
        /^ZooKeeper \d+\.\d+\.\d+ · tick 200 ms · fsync · Node [\d.]+ · \d+ cores · seed 1$/,
      ),
      expect.stringMatching(
        /^scheme +N +fault +p50 +95 % +p90 +p99 +max +spread +woken +reads +settled +verdicts$/,
      ),
      expect.stringMatching(/^predecessor +5 +resign +[\d.]+ .* +1 +1 +[\d.]+ +all valid$/),
      expect.stringMatching(/^leader +5 +resign +[\d.]+ .* +4 +4 +[\d.]+ +all valid$/),
      expect.stringMatching(/^heir +5 +resign +[\d.]+ .* +1 +0 +[\d.]+ +all valid$/),
      expect.stringMatching(/^p50, p90, p99, max in ms/),
      expect.stringMatching(/^With 5 candidates, watching the leader woke 4 candidates per failover, .*\.$/),
      expect.stringMatching(/^With 5 candidates, the scheme heir woke 1 candidate per failover, as .*\.$/),
      ...warnings,
      `saved in runs/${name}`,
      `report: runs/${name}/report.html`,
      `yarn report runs/${name} --open shows it in the browser`,
    ]);
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(
        /^trial 1\/3: predecessor, 5 candidates, resign: completed, failover p50 [\d.]+ ms$/,
      ),
      expect.stringMatching(/^trial 2\/3: leader, 5 candidates, resign: completed, failover p50 [\d.]+ ms$/),
      expect.stringMatching(/^trial 3\/3: heir, 5 candidates, resign: completed, failover p50 [\d.]+ ms$/),
    ]);
    expect((await readdir(join(folder, "runs", name))).sort()).toEqual([
      "history.jsonl.gz",
      "report.html",
      "result.json",
    ]);
    expect((await saved(join(folder, "runs", name))).run).toMatchObject({
      state: "completed",
      argv: ["lab", "--candidates", "5", "--failovers", "3"],
      plannedTrials: 3,
    });
    await expectNothingLeft();
  });

  test("--json prints what is saved and nothing else; --quiet says nothing", async () => {
    const { exitCode, stdout, stderr } = await lab(
      "--candidates 2 --failovers 2 --scheme predecessor --no-fsync --out out --json --quiet",
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(`${stdout}\n`).toBe(await readFile(join(folder, "out", "result.json"), "utf8"));
    const result = JSON.parse(stdout) as Result;
    expect(result).toMatchObject({
      schema: "zk-election-lab/result@1",
      run: { state: "completed" },
      environment: { server: { embedded: true, forceSync: false } },
      trials: [{ scheme: "predecessor", candidates: 2, state: "completed" }],
    });
    expect(result.trials[0]?.failovers).toHaveLength(2);
  });

  test("--no-fence shows the harm: exit 1, and the verdict says which; --open without a display is only told", async () => {
    const { exitCode, stdout, stderr } = await lab(
      "--candidates 3 --failovers 1 --scheme predecessor --fault freeze --session-timeout 1000 --freeze-for 4000 --no-fence --quiet --out out --open",
      { DISPLAY: "", WAYLAND_DISPLAY: "", BROWSER: "", WSL_DISTRO_NAME: "" },
    );
    if (process.platform !== "darwin")
      expect(stderr).toMatch(
        /^--open: there is no display: .*; open \S+\/out\/report\.html in a browser yourself$/,
      );
    expect(stdout).toMatch(/fencing FALSE: candidate \d .* the fence was off/s);
    expect(stdout).toContain("1 stale write tried, 1 accepted, as the fence was off.");
    expect(exitCode).toBe(1);
  });

  test.each(["--help", "--version"])("%s is printed to stdout: exit 0", async (word) => {
    const { exitCode, stdout, stderr } = await lab(word);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).not.toBe("");
  });
});

describe("what needs no run loads nothing of one", () => {
  /** Lists the files that were loaded, on stderr. */
  const listing = `data:text/javascript,${encodeURIComponent(`
    import { register } from "node:module";
    register("data:text/javascript," + encodeURIComponent(\`
      import { writeSync } from "node:fs";
      export const load = (url, context, next) => (writeSync(2, url + "\\\\n"), next(url, context));
    \`));
  `)}`;

  async function textLoadedBy(...args: string[]): Promise<string> {
    const { exitCode, stderr } = await execa(process.execPath, ["--import", listing, program, ...args]);
    expect(exitCode).toBe(0);
    const files = stderr.split("\n").filter((url) => url.startsWith("file:") && url.endsWith(".js"));
    expect(files.length).toBeGreaterThan(1);
    return (await Promise.all(files.map((url) => readFile(new URL(url), "utf8")))).join("\n");
  }

  /** Each bundle says above a piece of code which file it is from. */
  const parts = {
    engine: "// src/run/lab.ts",
    client: "// src/zookeeper/native-session.ts",
    charts: "// src/report/page.ts",
    arguments: "yargs-factory.js",
  };

  test.each([
    ["--version", []],
    ["--help", []],
    ["lab --version", []],
    ["lab --help", ["arguments"]],
  ])("%s", async (line, expected) => {
    const text = await textLoadedBy(...line.split(" "));
    const loaded = Object.entries(parts).filter(([, mark]) => text.includes(mark));
    expect(loaded.map(([part]) => part)).toEqual(expected);
  });

  test("a run loads its parts by the same names", async () => {
    const dist = dirname(program);
    const names = (await readdir(dist)).filter((name) => name.endsWith(".js"));
    const text = (await Promise.all(names.map((name) => readFile(join(dist, name), "utf8")))).join("\n");
    for (const mark of Object.values(parts)) expect(text).toContain(mark);
  });
});

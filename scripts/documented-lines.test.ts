/**
 * Tests every command line of the README, of the docs and of the commands' own help. Each command parses its
 * arguments as if a person had typed them; it is not started, unless it measures nothing.
 */
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LabError } from "../src/lab-error.ts";
import { parseBench } from "../src/options/bench.ts";
import { parseFaults } from "../src/options/bench-faults.ts";
import { parseFloor } from "../src/options/bench-floor.ts";
import { parseFuzz } from "../src/options/bench-fuzz.ts";
import { parseLapses } from "../src/options/bench-lapses.ts";
import { parseOverhead } from "../src/options/bench-overhead.ts";
import { parsePeers } from "../src/options/bench-peers.ts";
import { parseService } from "../src/options/bench-service.ts";
import { parseSettled } from "../src/options/bench-settled.ts";
import { parseSoak } from "../src/options/bench-soak.ts";
import { parseClient } from "../src/options/client.ts";
import { parseCompletion } from "../src/options/completion.ts";
import type { Words } from "../src/options/flags.ts";
import { parseLab } from "../src/options/lab.ts";
import { parseLive } from "../src/options/live.ts";
import { parseReport } from "../src/options/report.ts";
import { parseServer } from "../src/options/server.ts";
import { parseSimulate } from "../src/options/simulate.ts";

const root = dirname(import.meta.dirname);

const parsers: Readonly<
  Record<string, (args: readonly string[]) => Promise<Words | { readonly type: string }>>
> = {
  lab: parseLab,
  live: parseLive,
  bench: parseBench,
  "bench:faults": parseFaults,
  "bench:floor": parseFloor,
  "bench:fuzz": parseFuzz,
  "bench:lapses": parseLapses,
  "bench:overhead": parseOverhead,
  "bench:peers": parsePeers,
  "bench:service": parseService,
  "bench:settled": parseSettled,
  "bench:soak": parseSoak,
  completion: parseCompletion,
  report: parseReport,
  simulate: parseSimulate,
  "start:client": parseClient,
  "start:zookeeper": parseServer,
};

/** Commands that others provide: yarn's and npm's own, and developers' scripts, all without options. */
const elsewhere = [
  "./scripts/peers",
  "./scripts/test-matrix",
  // It takes peers that have been fetched.
  "yarn bench:peers --peer zookeeper-leader-election-support --fault churn:for=1s --candidates 12 --failovers 6",
  "yarn build:play",
  "yarn check",
  "yarn test",
  "yarn test FILE…",
  "yarn test:fast",
  "yarn pack",
  "npm install",
  "npm install zk-election-lab",
  // On a Node that the native client does not know.
  "npm install zk-election-lab --ignore-scripts",
  "patch -p1 -d node_modules/zookeeper -i ../zk-election-lab/.yarn/patches/zookeeper-npm-7.3.0.patch",
  "npm rebuild zookeeper",
  // The package's own test runs it.
  "npx zk-election-lab --help",
];

interface Line {
  readonly where: string;
  readonly line: string;
}

/** The lines of Markdown's shell blocks, and commands within a sentence. */
function linesOf(where: string, text: string): Line[] {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  const typed = blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, "").split("\n"));
  const prose = text.replaceAll(/^```.*?^```$/gms, "");
  const inline = [...prose.matchAll(/`((?:yarn|npm|npx|\.\/scripts\/\w+) [^`]+)`/g)].map(
    ([, line = ""]) => line,
  );
  return [...typed, ...inline]
    .flatMap((line) => line.replace(/(^|\s)#.*$/, "").split("&&"))
    .flatMap((line) => (line.trim() === "" ? [] : { where, line: line.trim() }));
}

/** Splits like a shell: at blanks, unless they are quoted; redirections are not part of the words. */
function wordsOf(line: string): string[] {
  return [...line.replace(/ > \S+$/, "").matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(/['"]/g, ""),
  );
}

/** Replaces placeholders with values. */
function filledIn(line: string): string[] {
  const schedule = '{"scenario":1}';
  const full = line.replace("{…}", schedule).replaceAll("…", "").replaceAll("FILE", "all.html");
  // Each line with and without its optional part.
  return [...new Set([full.replace(/ \[\w+\]/, ""), full.replace(/\[(\w+)\]$/, "$1")])];
}

const markdown = ["README.md", ...readdirSync(join(root, "docs")).map((name) => join("docs", name))].filter(
  (name) => name.endsWith(".md"),
);
const documented = markdown.flatMap((name) => linesOf(name, readFileSync(join(root, name), "utf8")));

/** The reader's folder, with the scheme and the fault that the docs tell the reader to write. */
let folder: string;
const before = process.cwd();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  const page = readFileSync(join(root, "docs", "write-a-scheme.md"), "utf8");
  const [, scheme = ""] = /^```ts\n(\/\/ herd\.ts.*?)^```$/ms.exec(page) ?? [];
  await writeFile(join(folder, "herd.ts"), scheme);
  await writeFile(join(folder, "mine.ts"), scheme.replace('"herd"', '"mine"'));
  const fault = readFileSync(join(root, "docs", "write-a-fault.md"), "utf8");
  await writeFile(join(folder, "strike.ts"), /^```ts\n(.*?)^```$/ms.exec(fault)?.[1] ?? "");
  process.chdir(folder);
});

afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true, force: true });
});

/** The command's reading of the line; throws what it would tell the reader. */
async function readBy(line: string): Promise<string> {
  const [program = "", command = "", ...args] = wordsOf(line);
  if (program === "./scripts/setup") return setUp([command, ...args].filter((word) => word !== ""));
  const parse = program === "yarn" ? parsers[command] : undefined;
  if (parse === undefined) throw new Error(`${line}: there is no such command`);
  const options = await parse(args);
  if (options.type === "plan") await planned(args);
  return options.type;
}

/** The set-up knows the options that its help lists. */
async function setUp(words: readonly string[]): Promise<string> {
  const { stdout } = await execa(join(root, "scripts", "setup"), ["--help"]);
  const unknown = words.filter((word) => word.startsWith("--") && !stdout.includes(`\n  ${word} `));
  if (unknown.length > 0) throw new Error(`./scripts/setup does not know ${unknown.join(", ")}`);
  return "set-up";
}

/** A plan without a run is immediate, so it is run. */
async function planned(args: readonly string[]): Promise<void> {
  if (args.includes("RUN")) return;
  await execa(process.execPath, [join(root, "dist", "cli.js"), "bench", ...args], { cwd: folder });
}

test("the lines are found, with their quotes, comments and continuations", () => {
  const lines = documented.map(({ line }) => line);
  expect(lines).toEqual(
    expect.arrayContaining([
      "./scripts/setup",
      "yarn lab --candidates 50",
      "yarn bench:fuzz --for 10m",
      "yarn start:client --scheme ./herd.ts",
      expect.stringMatching(/^yarn bench --quick --ensure '.*' --ensure '.*'$/),
    ]),
  );
  expect(wordsOf("yarn bench --ensure 'a.b<5' --json > x.json")).toEqual([
    ...["yarn", "bench", "--ensure", "a.b<5", "--json"],
  ]);
});

test.each(documented.filter(({ line }) => !elsewhere.includes(line)))("$where: $line", async ({ line }) => {
  for (const full of filledIn(line)) await expect(readBy(full)).resolves.toEqual(expect.any(String));
});

describe("the examples in a command's help", () => {
  test.each(Object.keys(parsers))("%s", async (name) => {
    const help = await parsers[name]?.(["--help"]);
    const lines = help !== undefined && "words" in help ? help.words.split("Examples:")[1] : undefined;
    const examples = lines?.match(/yarn [^)\n]+/g) ?? [];
    expect(examples).not.toEqual([]);
    for (const example of examples)
      for (const full of filledIn(example)) await expect(readBy(full)).resolves.toEqual(expect.any(String));
  });
});

test.each([
  "yarn bench --quick --ensure 'leader/predecessor[candidates=50].failoverMs.p50>2'",
  "yarn lab --candidate 50",
  "yarn bench:floor 10",
  "yarn lab --scheme ./nobody-wrote-this.ts",
])("a line that does not work is seen: %s", async (line) => {
  await expect(readBy(line)).rejects.toThrow(LabError);
});

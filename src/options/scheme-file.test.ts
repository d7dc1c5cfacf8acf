import { access, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { View } from "../election/scheme.ts";
import { schemeNames, schemes } from "../election/schemes.ts";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import type { Result } from "../export/result.ts";
import { bundle } from "../package-root.ts";
import { chosenSchemes } from "./axes.ts";
import { isSchemeFile, loadScheme } from "./scheme-file.ts";

const program = bundle("cli.js");

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

/** The predecessor scheme under another name, or with other members. */
function source(members: Readonly<Record<string, string>> = {}): string {
  const all = {
    name: '"mine"',
    watchesChildren: "false",
    notifications: "({ contenders, position }) => (position < contenders - 1 ? 1 : 0)",
    decide: `({ contenders, position }) =>
      position === 0 ? { type: "lead" } : { type: "watch", contender: contenders[position - 1] }`,
    ...members,
  };
  return `{ ${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}`)
    .join(",\n")} }`;
}

const first = { name: "a", sequence: 1 };
const second = { name: "b", sequence: 2 };
const view: View = { contenders: [first, second], position: 1, cause: "joined" };

test.each([
  ["./mine.js", true],
  ["mine.ts", true],
  ["mine.mts", true],
  ["mine.cjs", true],
  ["schemes/mine", true],
  ["..\\mine", true],
  ["predecessor", false],
  ["all", false],
  ["mine.json", false],
])("%s names a file: %s", (word, is) => {
  expect(isSchemeFile(word)).toBe(is);
});

describe("a file is a scheme, for this thread and by its URL for every other", () => {
  test.each([
    ["esm.js", `export const scheme = ${source()};`],
    ["esm.mjs", `export const scheme = ${source()};`],
    ["common.cjs", `exports.scheme = ${source()};`],
    ["common.js", `module.exports = { scheme: ${source()} };`],
    ["needs-node.cjs", `const { sep } = require("node:path"); exports.scheme = sep && ${source()};`],
    [
      "typed.ts",
      `import type { Scheme } from "zk-election-lab";
       enum Kind { Lead = "lead" }
       export const scheme: Scheme = ${source({ name: "Kind.Lead && ('mine' as string)" })};`,
    ],
    ["typed.mts", `export const scheme: object = ${source()};`],
    ["typed.cts", `export const scheme: object = ${source()};`],
  ])("%s", async (name, text) => {
    const { scheme, source } = await loadScheme(await file(name, text));
    if (!("url" in source)) throw new Error("a file has a URL");
    for (const one of [scheme, (await import(source.url)).scheme]) {
      expect(one.name).toBe("mine");
      expect(one.decide(view)).toEqual({ type: "watch", contender: first });
      expect(one.notifications({ contenders: 5, position: 0 })).toBe(1);
    }
  });

  test("with what it imports, as it was then", async () => {
    const helper = await file("helper.ts", 'export const name: string = "helped";');
    const path = await file(
      "imports.ts",
      `import { name } from "./helper.ts"; export const scheme = ${source({ name: "name" })};`,
    );
    const { source: found } = await loadScheme(path);
    await rm(helper);
    await rm(path);
    expect((await import("url" in found ? found.url : "")).scheme.name).toBe("helped");
  });
});

describe("a file that is not a scheme is refused in one line", () => {
  test.each([
    ["nothing.js", "export const other = 1;", "it has no export named scheme"],
    ["default.js", `export default ${source()};`, "it has no export named scheme"],
    ["number.js", "export const scheme = 7;", "its export scheme is not an object"],
    ["nameless.js", `export const scheme = ${source({ name: "undefined" })};`, "scheme.name must be a word"],
    ["odd.js", `export const scheme = ${source({ name: '"a b"' })};`, "scheme.name must be a word"],
    [
      "taken.js",
      `export const scheme = ${source({ name: '"leader"' })};`,
      "scheme.name leader is the name of a built-in scheme",
    ],
    ["lazy.js", `export const scheme = ${source({ decide: '"lead"' })};`, "scheme.decide must be a function"],
    [
      "vague.js",
      `export const scheme = ${source({ watchesChildren: "undefined" })};`,
      "scheme.watchesChildren must be true or false",
    ],
    [
      "noble.js",
      `export const scheme = ${source({ inherits: '"yes"' })};`,
      "scheme.inherits must be true or false",
    ],
    [
      "untold.js",
      `export const scheme = ${source({ notifications: "1" })};`,
      "scheme.notifications must be a function",
    ],
    [
      "half.js",
      `export const scheme = ${source({ notifications: "() => 0.5" })};`,
      "scheme.notifications must return a whole number, not 0.5",
    ],
    [
      "thrown.js",
      `export const scheme = ${source({ notifications: '() => { throw new Error("no idea") }' })};`,
      "scheme.notifications throws: no idea",
    ],
    [
      "quits.js",
      `export const scheme = ${source({ notifications: "() => process.exit(3)" })};`,
      "scheme.notifications throws: process.exit() ends the process",
    ],
    [
      "proxy.js",
      'export const scheme = new Proxy({}, { get() { throw new Error("no") } });',
      "scheme cannot be read: it throws: no",
    ],
    ["throws.js", 'throw new Error("not today");', "it throws while it is loaded: not today"],
    ["loops.js", "for (;;);", "it was not loaded after 3 s of work: does it loop at its top level?"],
    [
      "ends.js",
      "process.exit(0);",
      "it throws while it is loaded: process.exit() ends the process, and a scheme may not",
    ],
    [
      "waits.js",
      "await new Promise(() => {});",
      "its top level ends the program, or waits for something that never",
    ],
    [
      "counts.js",
      `export const scheme = ${source({ notifications: "() => { for (;;); }" })};`,
      "scheme.notifications has not returned within 3 s",
    ],
    [
      "broken.ts",
      "export const scheme = {",
      "it cannot be read: Expected identifier but found end of file (line 1 of ",
    ],
    [
      "lost.ts",
      'import "./nowhere.ts"; export const scheme = 1;',
      'it cannot be read: Could not resolve "./nowhere',
    ],
  ])("%s", async (name, text, words) => {
    const path = await file(name, text);
    const error = await loadScheme(path).catch((error) => error);
    expect(error).toMatchObject({ name: "LabError", code: "usage" });
    expect(error.message).toMatch(/^--scheme .*$/);
    expect(error.message).toContain(`--scheme ${path}: ${words}`);
  });

  test("a scheme that fails as it decides says which file that is", async () => {
    const path = await file("fails.js", `export const scheme = ${source({ decide: "() => nowhere" })};`);
    const { scheme } = await loadScheme(path);
    expect(() => scheme.decide(view)).toThrow(
      `--scheme ${path}: scheme.decide throws: nowhere is not defined`,
    );
  });

  test.each([["missing.js"], ["."]])("%s is not a file", async (name) => {
    await expect(loadScheme(join(folder, name))).rejects.toThrow("there is no such file");
  });
});

describe("--scheme", () => {
  test("takes files beside names", async () => {
    const path = await file("listed.js", `export const scheme = ${source()};`);
    const named = async (text: string) => (await chosenSchemes(text)).map(({ scheme }) => scheme.name);
    expect(await named(`leader,${path}`)).toEqual(["leader", "mine"]);
    expect(await named(`all,${path}`)).toEqual([...schemeNames, "mine"]);
    expect(await chosenSchemes("leader")).toEqual([{ scheme: schemes.leader, source: { name: "leader" } }]);
  });

  test("refuses two schemes of one name", async () => {
    const [one, two] = [
      await file("one.js", `export const scheme = ${source()};`),
      await file("two.js", `export const scheme = ${source()};`),
    ];
    await expect(chosenSchemes(`${one},${two}`)).rejects.toThrow(
      "two schemes have the name mine; leave one out",
    );
    await expect(chosenSchemes("all,leader")).rejects.toThrow("two schemes have the name leader");
  });
});

describe("yarn lab", () => {
  let scratch: Scratch;
  /** One server for all runs: what a scheme does is no matter of the server's. */
  let ensemble: LocalEnsemble;

  beforeAll(async () => {
    scratch = await Scratch.create();
    ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "schemes-test" });
  });

  afterAll(async () => {
    await ensemble?.close();
    await scratch?.[Symbol.asyncDispose]();
  });

  const lab = (...args: string[]) =>
    execa(process.execPath, [program, "lab", "--connect", ensemble.connect, ...args], {
      cwd: folder,
      reject: false,
      timeout: 150_000,
    });
  const saved = async (name: string) =>
    JSON.parse(await readFile(join(folder, name, "result.json"), "utf8")) as Result;

  test("measures and judges it beside the lab's own, including the one of docs/write-a-scheme.md", async () => {
    const page = await readFile(join(import.meta.dirname, "..", "..", "docs", "write-a-scheme.md"), "utf8");
    await file("herd.ts", /^```ts\n(.*?)^```$/ms.exec(page)?.[1] ?? "");
    await file("mine.ts", `export const scheme: object = ${source()};`);
    const { exitCode, stdout } = await lab(
      ...["--scheme", "leader,./mine.ts,./herd.ts", "--candidates", "4", "--failovers", "2", "--out", "both"],
    );
    expect(stdout).toMatch(/^mine +4 +resign .* all valid$/m);
    expect(stdout).toMatch(/^herd +4 +resign .* all valid$/m);
    expect(exitCode).toBe(0);
    const { trials } = await saved("both");
    expect(trials.map(({ scheme, summary }) => `${scheme} ${summary.notificationsPerFailover}`)).toEqual([
      "leader 3",
      "mine 1",
      "herd 3",
    ]);
  });

  test.each([
    ["at once", 'throw new Error("no idea what to watch")', "no idea what to watch"],
    ["when it is woken", 'if (cause === "notified") throw new Error("lost it"); return own()', "lost it"],
    [
      "by an invalid decision",
      'if (cause === "notified") return { type: "sleep" }; return own()',
      "which is not a decision",
    ],
    ["by nothing", "", "decides on undefined, which is not a decision"],
    ["by watching nobody", 'return position ? { type: "watch" } : own()', "names none"],
    [
      "by what it does not watch",
      'return position ? { type: "watch-children" } : own()',
      "its watchesChildren is false",
    ],
  ])(
    "a trial ends soon, as errored and with the reason, where it fails %s",
    async (when, decide, reason) => {
      const name = when.replaceAll(" ", "-");
      const own = '{ type: position ? "watch" : "lead", contender: contenders[position - 1] }';
      const body = `({ contenders, position, cause }) => { const own = () => (${own}); ${decide} }`;
      await file(`${name}.js`, `export const scheme = ${source({ decide: body })};`);
      const { exitCode, stdout } = await lab(
        ...["--scheme", `./${name}.js`, "--candidates", "3", "--failovers", "2", "--out", name],
      );
      const { run, trials } = await saved(name);
      expect(run.state).toBe("failed");
      expect(trials).toMatchObject([{ scheme: "mine", state: "errored", blame: "scheme" }]);
      expect(stdout).toContain(reason);
      expect([1, 64]).toContain(exitCode);
    },
    60_000,
  );

  test.each([
    ["process.exit(3)", "process.exit() ends the process"],
    ["process.kill(process.pid)", "process.kill() ends the process"],
  ])("a scheme whose decide() calls %s ends the trial, and is named", async (call, reason) => {
    const decide = `({ position }) => { if (position === 0) return { type: "lead" }; ${call}; }`;
    await file("quits.js", `export const scheme = ${source({ decide })};`);
    const { exitCode, stdout } = await lab(
      ...["--scheme", "./quits.js", "--candidates", "3", "--failovers", "2"],
    );
    expect(stdout).toContain(`errored, scheme mine: decide() fails: ${reason}`);
    expect(exitCode, stdout).toBe(64);
  });

  test.each([
    ["in every thread", 'throw new Error("later")'],
    ["in the candidates' threads only", 'if (!isMainThread) throw new Error("later")'],
    ["by a promise, and with no error", 'Promise.reject("later")'],
  ])("a scheme that fails after it was loaded is named, with no stack: %s", async (_, body) => {
    await file(
      "later.mjs",
      `import { isMainThread } from "node:worker_threads";
         setTimeout(() => { ${body}; }, 500);
         export const scheme = ${source()};`,
    );
    const { exitCode, stdout, stderr } = await lab(
      ...["--scheme", "./later.mjs", "--candidates", "3", "--failovers", "1000"],
    );
    const said = stdout + stderr;
    expect(said).toMatch(/(--scheme \.\/later\.mjs: it|scheme mine) throws after it was loaded: /);
    expect(said).not.toMatch(/internal error|nterrupted|base64|^ +at /m);
    expect(exitCode).toBe(64);
  });

  test("what a scheme prints goes to stderr, so that data on stdout stay whole", async () => {
    const decide = `({ contenders, position }) => {
      console.log("chatter"); console.table([1]); process.stdout.write("chatter");
      return position === 0 ? { type: "lead" } : { type: "watch", contender: contenders[position - 1] };
    }`;
    await file(
      "chatty.js",
      `console.log("chatter"); process.stdout.write("chatter");
       export const scheme = ${source({
         decide,
         notifications:
           "({ contenders, position }) => { console.info('chatter'); return +(position < contenders - 1); }",
       })};`,
    );
    const { exitCode, stdout, stderr } = await lab(
      ...["--scheme", "./chatty.js", "--candidates", "3", "--failovers", "2", "--json"],
    );
    expect(JSON.parse(stdout)).toMatchObject({ run: { state: "completed" } });
    expect(stderr).toContain("chatter");
    expect(exitCode).toBe(0);
  });

  test("refuses a file that is not a scheme: exit 64, before anything is started", async () => {
    const { exitCode, stdout, stderr } = await lab("--scheme", "./missing.ts");
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 64,
      stdout: "",
      stderr: "--scheme ./missing.ts: there is no such file",
    });
  });

  /** Notes in a file that it decides, and then never does. */
  const dithering = () =>
    source({
      decide: `({ position }) => {
        if (position === 0) return { type: "lead" };
        writeFileSync("dithering", "");
        for (;;);
      }`,
    });

  test("a scheme that never decides ends the trial, and is named", async () => {
    await file(
      "dithers.mjs",
      `import { writeFileSync } from "node:fs"; export const scheme = ${dithering()};`,
    );
    const { exitCode, stdout } = await lab(
      ...["--scheme", "./dithers.mjs", "--candidates", "3", "--failovers", "2", "--out", "dithers"],
    );
    expect(stdout).toContain("errored, scheme mine: decide() has not returned within 3 s");
    expect(exitCode).toBe(64);
    const [trial] = (await saved("dithers")).trials;
    expect(trial).toMatchObject({ state: "errored", verdicts: { cleanup: { valid: true } } });
  });

  test("Ctrl-C ends the run in order, though a scheme never decides", async () => {
    await file("again.mjs", `import { writeFileSync } from "node:fs"; export const scheme = ${dithering()};`);
    await rm(join(folder, "dithering"), { force: true });
    const child = lab(
      ...["--scheme", "./again.mjs", "--candidates", "3", "--failovers", "2", "--out", "stopped"],
    );
    await vi.waitFor(() => access(join(folder, "dithering")), 20_000);
    child.kill("SIGINT");
    expect((await child).exitCode).toBe(130);
    const { run, trials } = await saved("stopped");
    expect(run.state).toBe("interrupted");
    expect(trials).toMatchObject([{ state: "aborted", verdicts: { cleanup: { valid: true } } }]);
  });

  test("a scheme without answers to what a run will ask: exit 64, before anything is started", async () => {
    const notifications = "({ contenders }) => (contenders < 10 ? 1 : undefined)";
    await file("knows-few.js", `export const scheme = ${source({ notifications })};`);
    expect(await lab("--scheme", "./knows-few.js", "--candidates", "5,20")).toMatchObject({
      exitCode: 64,
      stdout: "",
      stderr:
        "--scheme: mine, asked for 20 contenders and position 0: scheme.notifications must return a whole number, " +
        "not undefined; see docs/write-a-scheme.md",
    });
  });
});

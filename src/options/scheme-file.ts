/**
 * A scheme of the user's own, from a file. The file and all that it imports are made into one module when the
 * words are read: so every candidate of a run has the same code, even if the file changes meanwhile, and a
 * TypeScript file needs no loader in their threads.
 */
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { BuildFailure } from "esbuild";
import { type Scheme, schemeNames } from "../election/scheme.ts";
import { LabError } from "../lab-error.ts";
import type { PlannedScheme } from "../plan.ts";
import { quoted } from "./values.ts";

const HELP = "see docs/write-a-scheme.md";

/** Whether this names a file, and not a scheme of the lab. */
export function isSchemeFile(word: string): boolean {
  return /[/\\]|\.[cm]?[jt]s$/.test(word);
}

/** @throws {LabError} `usage`, with what is wrong in the file; `unavailable`, where esbuild is not installed */
export async function loadScheme(file: string): Promise<PlannedScheme> {
  const refuse = (what: string, cause?: unknown) =>
    new LabError("usage", `--scheme ${quoted(file)}: ${what}`, { cause });
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw refuse("there is no such file");
  const url = `data:text/javascript;base64,${Buffer.from(await codeOf(file, refuse)).toString("base64")}`;
  const module = (await import(url).catch((cause) => {
    throw refuse(`it throws as it is loaded: ${wordsOf(cause)}`, cause);
  })) as { readonly scheme?: unknown };
  if (module.scheme === undefined) throw refuse(`it has no export named scheme; ${HELP}`);
  const problem = problemOf(module.scheme);
  if (problem !== undefined) throw refuse(`${problem}; ${HELP}`);
  return { scheme: module.scheme as Scheme, source: { url }, file };
}

/** One module, whose export `scheme` is the file's. */
async function codeOf(file: string, refuse: (what: string, cause: unknown) => LabError): Promise<string> {
  // Most runs have no use for it: it takes its time to load, and who installs the package need not have it.
  const { buildSync } = await import("esbuild").catch((cause) => {
    const what = `--scheme ${quoted(file)}: the package esbuild reads such a file, and is not installed`;
    throw new LabError("unavailable", `${what}; run npm install esbuild`, { cause });
  });
  const path = resolve(file);
  try {
    const { outputFiles } = buildSync({
      stdin: {
        contents: `import * as file from ${JSON.stringify(path)}; export const scheme = file.scheme;`,
        resolveDir: dirname(path),
      },
      bundle: true,
      write: false,
      platform: "node",
      target: "node20.19",
      format: "esm",
      // What a CommonJS file requires of Node itself.
      banner: { js: "const require = process.getBuiltinModule;" },
      logLevel: "silent",
    });
    return outputFiles.map(({ text }) => text).join("\n");
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    const { file: where, line } = first?.location ?? {};
    const at = line === undefined ? "" : ` (line ${line} of ${where})`;
    throw refuse(`it cannot be read: ${first?.text ?? wordsOf(error)}${at}`, error);
  }
}

/** What keeps this from being a scheme. */
function problemOf(scheme: unknown): string | undefined {
  if (typeof scheme !== "object" || scheme === null) return "its export scheme is no object";
  const { name, watchesChildren, inherits, decide, notifications } = scheme as {
    [Key in keyof Scheme]?: unknown;
  };
  if (typeof name !== "string" || !/^[\w-]+$/.test(name))
    return "scheme.name must be a word of letters, digits and dashes";
  if ((schemeNames as readonly string[]).includes(name))
    return `scheme.name ${name} is the name of a scheme of the lab; choose another one`;
  if (typeof watchesChildren !== "boolean") return "scheme.watchesChildren must be true or false";
  if (inherits !== undefined && typeof inherits !== "boolean")
    return "scheme.inherits must be true or false, where it is there";
  if (typeof decide !== "function") return "scheme.decide must be a function";
  if (typeof notifications !== "function") return "scheme.notifications must be a function";
  try {
    const count = (scheme as Scheme).notifications({ contenders: 2, position: 0 });
    if (Number.isInteger(count) && count >= 0) return undefined;
    return `scheme.notifications must return a whole number, not ${String(count)}`;
  } catch (error) {
    return `scheme.notifications throws: ${wordsOf(error)}`;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

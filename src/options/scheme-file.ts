/**
 * Loads a user's own scheme from a file. The file and all its imports are bundled into one module when the
 * arguments are parsed: so every candidate of a run has the same code, even if the file changes meanwhile, and
 * a TypeScript file needs no loader in their threads.
 */
import { Worker } from "node:worker_threads";
import {
  type CountRange,
  type Death,
  type Deaths,
  notificationsOf,
  type Scheme,
} from "../election/scheme.ts";
import { comesFromScheme, schemeUrl } from "../election/scheme-origin.ts";
import { schemeNames } from "../election/schemes.ts";
import { LabError } from "../lab-error.ts";
import { messageOf } from "../thrown.ts";
import { boundedCall, Unending } from "./bounded-call.ts";
import type { PlannedScheme } from "./groups.ts";
import { bundled } from "./own-file.ts";
import { manners } from "./scheme-manners.ts";
import { quoted } from "./values.ts";

const HELP = "see docs/write-a-scheme.md";

/** The limit in processor time for loading a file: a busy machine takes longer, but uses no more of that. */
const LOADS_WITHIN_CPU_MS = 3000;
/** The limit for a file that waits for something, and so uses no processor time. */
const IDLE_WITHIN_MS = 30_000;
/** Processor time that is more than this thread's own looks take. */
const WORK_CPU_MS = 100;
const LOOKS_EVERY_MS = 100;
/** The limit for each call of an exported function. */
const RETURNS_WITHIN_MS = 3000;

/** Whether the word names a file, not one of the lab's schemes. */
export function isSchemeFile(word: string): boolean {
  return /[/\\]|\.[cm]?[jt]s$/.test(word);
}

/** @throws {LabError} `usage`, with what is wrong in the file; `unavailable`, when esbuild is not installed */
export async function loadScheme(file: string): Promise<PlannedScheme> {
  const refuse = (what: string, cause?: unknown) =>
    new LabError("usage", `--scheme ${quoted(file)}: ${what}`, { cause });
  const url = schemeUrl(
    await bundled(file, { title: `--scheme ${quoted(file)}`, name: "scheme", banner: manners }),
  );
  const trouble = await tryLoading(url);
  if (trouble !== undefined) throw refuse(trouble);
  loaded.set(url, file);
  const module = (await import(url).catch((cause) => {
    throw refuse(`it throws while it is loaded: ${messageOf(cause)}`, cause);
  })) as { readonly scheme?: unknown };
  if (module.scheme === undefined) throw refuse(`it has no export named scheme; ${HELP}`);
  const members = membersOf(module.scheme, refuse);
  const problem = problemOf(members);
  if (problem !== undefined) throw refuse(`${problem}; ${HELP}`);
  const scheme = bounded(members as Scheme, refuse);
  return { scheme, source: { url, title: scheme.name } };
}

/** Keyed by the URLs of the bundled modules. */
const loaded = new Map<string, string>();

/** All files that this process has loaded as schemes. */
export function schemeFiles(): string[] {
  return [...loaded.values()];
}

/** An uncaught error of this thread, if it comes from a scheme's timer or promise: the file is named. */
export function lateFault(error: unknown): LabError | undefined {
  if (loaded.size === 0 || !comesFromScheme(error)) return undefined;
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const certain = [...loaded].find(([url]) => stack.includes(url));
  const files = certain === undefined ? [...loaded.values()] : [certain[1]];
  const words = `it throws after it was loaded: ${messageOf(error)}`;
  return new LabError("usage", `--scheme ${quoted(files.join(","))}: ${words}`, { cause: error });
}

/**
 * Loads the module first in a thread that can be ended: an endless loop in this thread could not.
 * @returns what is wrong; an error shows by itself when the module is loaded here
 */
async function tryLoading(url: string): Promise<string | undefined> {
  const program = `
    const { parentPort, workerData } = require("node:worker_threads");
    import(workerData).catch(() => undefined).then(() => parentPort.postMessage("loaded"));`;
  // Its output comes again when it is loaded here.
  const worker = new Worker(program, { eval: true, workerData: url, stdout: true, stderr: true });
  let looking: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve) => {
      // This thread only waits: the processor time is used in the other.
      const start = process.cpuUsage();
      let worked = { cpuMs: 0, at: performance.now() };
      looking = setInterval(() => {
        const { user, system } = process.cpuUsage(start);
        const [cpuMs, now] = [(user + system) / 1000, performance.now()];
        if (cpuMs >= worked.cpuMs + WORK_CPU_MS) worked = { cpuMs, at: now };
        const late = (words: string) => resolve(`it was not loaded after ${words}`);
        if (cpuMs >= LOADS_WITHIN_CPU_MS)
          late(`${LOADS_WITHIN_CPU_MS / 1000} s of work: does it loop at its top level?`);
        else if (now >= worked.at + IDLE_WITHIN_MS)
          late(`${IDLE_WITHIN_MS / 1000} s without work: what does it wait for at its top level?`);
      }, LOOKS_EVERY_MS);
      worker.once("message", () => resolve(undefined));
      worker.once("error", ({ message }) => resolve(`it fails while it is loaded: ${message}`));
      worker.once("exit", () =>
        resolve("its top level ends the program, or waits for something that never comes"),
      );
    });
  } finally {
    clearInterval(looking);
    await worker.terminate();
  }
}

/**
 * Used in this thread: a call that does not return is broken off. In the candidates' threads, others watch over
 * that.
 */
function bounded(scheme: Scheme, refuse: (what: string, cause: unknown) => LabError): Scheme {
  return {
    name: scheme.name,
    watchesChildren: scheme.watchesChildren,
    watchesPredecessor: scheme.watchesPredecessor === true,
    inherits: scheme.inherits === true,
    notifications: (death) => boundedCall(() => scheme.notifications(death), RETURNS_WITHIN_MS),
    ...(scheme.notificationsOfSeveral !== undefined && {
      notificationsOfSeveral: (deaths: Deaths) => severalOf(scheme, deaths),
    }),
    decide(view) {
      try {
        return boundedCall(() => scheme.decide(view), RETURNS_WITHIN_MS);
      } catch (error) {
        throw refuse(`scheme.decide ${failureOf(error)}`, error);
      }
    },
  };
}

function failureOf(error: unknown): string {
  return error instanceof Unending ? error.message : `throws: ${messageOf(error)}`;
}

/**
 * Checks the scheme's answers for the deaths of a run, before anything is started for it.
 * @throws {LabError} `usage`
 */
export function checkNotifications(scheme: Scheme, all: readonly Deaths[]): void {
  for (const deaths of all) {
    const {
      contenders,
      positions: [position, ...more],
    } = deaths;
    const one = more.length === 0;
    const problem = one
      ? notificationsProblem(scheme, { contenders, position })
      : severalProblem(scheme, deaths);
    if (problem === undefined) continue;
    const where = one ? `position ${position}` : `positions ${[position, ...more].join(", ")}`;
    throw new LabError(
      "usage",
      `--scheme: ${scheme.name}, asked for ${contenders} contenders and ${where}: ${problem}; ${HELP}`,
    );
  }
}

function severalOf(scheme: Scheme, deaths: Deaths): CountRange {
  return boundedCall(() => notificationsOf(scheme, deaths), RETURNS_WITHIN_MS);
}

function severalProblem(scheme: Scheme, deaths: Deaths): string | undefined {
  try {
    const { least, most } = severalOf(scheme, deaths);
    if (Number.isInteger(least) && least >= 0 && most >= least) return undefined;
    return `scheme.notificationsOfSeveral must return whole numbers least and most, not ${least} and ${most}`;
  } catch (error) {
    return `scheme.notificationsOfSeveral ${failureOf(error)}`;
  }
}

function notificationsProblem(scheme: Scheme, death: Death): string | undefined {
  try {
    const count = boundedCall(() => scheme.notifications(death), RETURNS_WITHIN_MS);
    if (Number.isInteger(count) && count >= 0) return undefined;
    return `scheme.notifications must return a whole number, not ${String(count)}`;
  } catch (error) {
    return `scheme.notifications ${failureOf(error)}`;
  }
}

type Members = { readonly [Key in keyof Scheme]?: unknown };

/** A getter or a proxy may throw, or not return, when it is merely read. */
function membersOf(scheme: unknown, refuse: (what: string, cause?: unknown) => LabError): Members {
  if (typeof scheme !== "object" || scheme === null)
    throw refuse(`its export scheme is not an object; ${HELP}`);
  const own = scheme as Members;
  const bound = (member: unknown) => (typeof member === "function" ? member.bind(scheme) : member);
  try {
    return boundedCall(
      () => ({
        name: own.name,
        watchesChildren: own.watchesChildren,
        watchesPredecessor: own.watchesPredecessor,
        inherits: own.inherits,
        notifications: bound(own.notifications),
        notificationsOfSeveral: bound(own.notificationsOfSeveral),
        decide: bound(own.decide),
      }),
      RETURNS_WITHIN_MS,
    );
  } catch (error) {
    throw refuse(`scheme cannot be read: it ${failureOf(error)}`, error);
  }
}

/** The reason why this is not a scheme. */
function problemOf(scheme: Members): string | undefined {
  const { name, watchesChildren, decide, notifications, notificationsOfSeveral } = scheme;
  if (typeof name !== "string" || !/^[\w-]+$/.test(name))
    return "scheme.name must be a word of letters, digits and dashes";
  if ((schemeNames as readonly string[]).includes(name))
    return `scheme.name ${name} is the name of a built-in scheme; choose another one`;
  if (typeof watchesChildren !== "boolean") return "scheme.watchesChildren must be true or false";
  for (const key of ["watchesPredecessor", "inherits"] as const)
    if (scheme[key] !== undefined && typeof scheme[key] !== "boolean")
      return `scheme.${key} must be true or false if it is given`;
  if (typeof decide !== "function") return "scheme.decide must be a function";
  if (typeof notifications !== "function") return "scheme.notifications must be a function";
  if (notificationsOfSeveral !== undefined && typeof notificationsOfSeveral !== "function")
    return "scheme.notificationsOfSeveral must be a function if it is given";
  return notificationsProblem(scheme as Scheme, { contenders: 2, position: 0 });
}

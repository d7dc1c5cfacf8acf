/**
 * Runs a user's own fault in a thread of its own, which can be ended whatever the fault does. What it does to
 * candidates and servers it asks for by messages.
 */
import { Worker } from "node:worker_threads";
import type { StrikeActs, StrikeFacts } from "../faults/script.ts";
import { messageOf } from "../thrown.ts";

/** What the thread knows about a fault file, as far as it can be sent; `strike` is its type. */
export type ScriptShape = Readonly<
  Partial<Record<"name" | "leader" | "servers" | "relays" | "withinMs" | "strike", unknown>>
>;

type ThreadData =
  | { readonly url: string; readonly job: "describe" }
  | {
      readonly url: string;
      readonly job: "strike";
      readonly facts: StrikeFacts;
      readonly acts: readonly string[];
    };

type Message =
  | { readonly type: "described"; readonly shape: string }
  | { readonly type: "act"; readonly id: number; readonly act: string; readonly args: readonly unknown[] }
  | { readonly type: "loaded" | "done" }
  | { readonly type: "failed"; readonly message: string };

const program = `
const { parentPort, workerData } = require("node:worker_threads");
const { url, job, facts, acts } = workerData;
const waiting = new Map();
let asked = 0;
const ask = (act, args) =>
  new Promise((resolve, reject) => {
    waiting.set(++asked, { resolve, reject });
    parentPort.postMessage({ type: "act", id: asked, act, args });
  });
parentPort.on("message", ({ id, value, trouble }) => {
  const { resolve, reject } = waiting.get(id);
  waiting.delete(id);
  if (trouble === undefined) resolve(value);
  else reject(new Error(trouble));
});
const say = (message) => parentPort.postMessage(message);
import(url)
  .then(async ({ fault }) => {
    say({ type: "loaded" });
    if (job === "describe") {
      const { name, leader, servers, relays, withinMs } = fault ?? {};
      const shape = { name, leader, servers, relays, withinMs, strike: typeof fault?.strike };
      say({ type: "described", shape: fault === undefined ? "" : JSON.stringify(shape) });
    } else {
      await fault.strike({ ...facts, ...Object.fromEntries(acts.map((act) => [act, (...args) => ask(act, args)])) });
    }
    say({ type: "done" });
  })
  .catch((error) => say({ type: "failed", message: String(error?.message ?? error) }));`;

/** A file that takes longer to load does not end. */
const LOADS_WITHIN_MS = 15_000;

/**
 * @returns `undefined` if the module exports no fault
 * @throws with what is wrong, as the end of a sentence
 */
export async function describeScript(url: string): Promise<ScriptShape | undefined> {
  let shape: ScriptShape | undefined;
  await inThread({ url, job: "describe" }, (message) => {
    if (message.type === "described" && message.shape !== "")
      shape = JSON.parse(message.shape) as ScriptShape;
  });
  return shape;
}

/**
 * @param limit called when the fault's function begins; when it settles the thread is ended
 * @returns whether the function returned before
 * @throws with what is wrong, as the end of a sentence
 */
export function strikeByScript(
  url: string,
  facts: StrikeFacts,
  acts: StrikeActs,
  limit: () => Promise<void>,
): Promise<boolean> {
  const data = { url, job: "strike", facts, acts: Object.keys(acts) } as const;
  return inThread(
    data,
    (message, thread) => {
      if (message.type !== "act") return;
      const { id, act, args } = message;
      // The thread names only acts that it was given; their arguments are checked there.
      const asked = acts[act as keyof StrikeActs] as (...args: readonly unknown[]) => Promise<unknown>;
      asked(...args).then(
        (value) => thread.postMessage({ id, value }),
        (error) => thread.postMessage({ id, trouble: messageOf(error) }),
      );
    },
    limit,
  );
}

/** @returns whether it did its job before the limit, which begins when the module is loaded */
async function inThread(
  data: ThreadData,
  hear: (message: Message, thread: Worker) => void,
  limit: () => Promise<void> = () => new Promise(() => undefined),
): Promise<boolean> {
  const thread = new Worker(program, { eval: true, workerData: data, stdout: true });
  // Nothing may come between the data on stdout.
  thread.stdout.pipe(process.stderr, { end: false });
  let loading: NodeJS.Timeout | undefined;
  try {
    return await new Promise<boolean>((resolve, reject) => {
      const fail = (reason: string) => reject(new Error(reason));
      const late = `it was not loaded after ${LOADS_WITHIN_MS / 1000} s: does its top level end?`;
      loading = setTimeout(() => fail(late), LOADS_WITHIN_MS);
      thread.on("message", (message: Message) => {
        if (message.type === "loaded") {
          clearTimeout(loading);
          void limit().then(() => resolve(false));
        } else if (message.type === "done") resolve(true);
        else if (message.type === "failed") fail(`it throws: ${message.message}`);
        else hear(message, thread);
      });
      thread.once("error", (error) => fail(`it throws: ${messageOf(error)}`));
      thread.once("exit", () => fail("it ends its thread, or waits for something that never comes"));
    });
  } finally {
    clearTimeout(loading);
    thread.removeAllListeners();
    await thread.terminate();
  }
}

/**
 * Runs a user's own fault in a thread of its own, which can be ended whatever the fault does. What it does to
 * candidates and servers it asks for by messages.
 */
import { setTimeout as delay } from "node:timers/promises";
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
  | { readonly type: "done" }
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
    if (job === "strike") {
      await fault.strike({ ...facts, ...Object.fromEntries(acts.map((act) => [act, (...args) => ask(act, args)])) });
      return say({ type: "done" });
    }
    const { name, leader, servers, relays, withinMs } = fault ?? {};
    const shape = { name, leader, servers, relays, withinMs, strike: typeof fault?.strike };
    say({ type: "described", shape: fault === undefined ? "" : JSON.stringify(shape) });
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
  const until = delay(LOADS_WITHIN_MS, undefined, { ref: false });
  const isOver = await inThread({ url, job: "describe" }, until, (message) => {
    if (message.type !== "described") return false;
    shape = message.shape === "" ? undefined : (JSON.parse(message.shape) as ScriptShape);
    return true;
  });
  if (isOver) return shape;
  throw new Error(`it was not loaded after ${LOADS_WITHIN_MS / 1000} s: does its top level end?`);
}

/**
 * @param until the thread is ended then
 * @returns whether the fault's function returned before
 * @throws with what is wrong, as the end of a sentence
 */
export function strikeByScript(
  url: string,
  facts: StrikeFacts,
  acts: StrikeActs,
  until: Promise<void>,
): Promise<boolean> {
  return inThread({ url, job: "strike", facts, acts: Object.keys(acts) }, until, (message, thread) => {
    if (message.type === "act") {
      const { id, act, args } = message;
      // The thread names only acts that it was given; their arguments are checked there.
      const asked = acts[act as keyof StrikeActs] as (...args: readonly unknown[]) => Promise<unknown>;
      asked(...args).then(
        (value) => thread.postMessage({ id, value }),
        (error) => thread.postMessage({ id, trouble: messageOf(error) }),
      );
    }
    return message.type === "done";
  });
}

/** @param hear returns whether this was the last message */
async function inThread(
  data: ThreadData,
  until: Promise<unknown>,
  hear: (message: Message, thread: Worker) => boolean,
): Promise<boolean> {
  const thread = new Worker(program, { eval: true, workerData: data, stdout: true });
  // Nothing may come between the data on stdout.
  thread.stdout.pipe(process.stderr, { end: false });
  try {
    const ended = new Promise<boolean>((resolve, reject) => {
      thread.on("message", (message: Message) => {
        if (message.type === "failed") reject(new Error(`it throws: ${message.message}`));
        else if (hear(message, thread)) resolve(true);
      });
      thread.once("error", (error) => reject(new Error(`it throws: ${messageOf(error)}`)));
      thread.once("exit", () =>
        reject(new Error("it ends its thread, or waits for something that never comes")),
      );
    });
    return await Promise.race([ended, until.then(() => false)]);
  } finally {
    thread.removeAllListeners();
    await thread.terminate();
  }
}

import { afterEach, beforeEach, expect, test } from "vitest";
import { type LocalEnsemble, startLocal } from "./local.ts";
import { lossOf } from "./loss.ts";
import { Scratch } from "./scratch.ts";

let scratch: Scratch;
let ensemble: LocalEnsemble;

beforeEach(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { servers: 3, tickTimeMs: 200, fsync: false, runId: "local-test" });
});

afterEach(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

const soon = <T>(promise: Promise<T>) =>
  Promise.race([promise, new Promise<"not yet">((resolve) => setTimeout(resolve, 200, "not yet"))]);

test("a requested end is not a loss, and the others keep serving; any other end is, and names the server", async () => {
  const [first, second] = ensemble.members;
  await first.process.kill();
  expect(await soon(ensemble.ended)).toBe("not yet");
  expect(await lossOf(ensemble)).toBeUndefined();
  await first.process.restart();
  expect(await ensemble.session.children(ensemble.root)).toEqual([]);
  if (second === undefined) throw new Error("there are three");
  process.kill(second.process.pid, "SIGKILL");
  const words = `the ZooKeeper server 127.0.0.1:${second.address.port} ended by itself: SIGKILL`;
  expect(await ensemble.ended).toBe(words);
  expect(await lossOf(ensemble)).toBe(words);
});

test("a server that was started again and then ends by itself is a loss as well", async () => {
  const [first] = ensemble.members;
  await first.process.restart();
  process.kill(first.process.pid, "SIGKILL");
  expect(await ensemble.ended).toContain(`127.0.0.1:${first.address.port} ended by itself`);
});

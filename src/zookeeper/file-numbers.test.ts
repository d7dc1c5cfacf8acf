import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Scratch } from "../ensemble/scratch.ts";
import { makeProgram } from "../testing/program.ts";
import { polledFiles, takeNumbers } from "./file-numbers.ts";

let scratch: Scratch;

beforeAll(async () => {
  scratch = await Scratch.create();
});

afterAll(() => scratch[Symbol.asyncDispose]());

describe.runIf(process.platform === "linux")("on Linux", () => {
  test("free numbers are taken that are wanted, and no others", () => {
    const numbers = [0, 0, 0, 0].map(() => openSync("/dev/null", "r")) as [number, number, number, number];
    for (const number of numbers.slice(0, 3)) closeSync(number);
    const taken = takeNumbers("/dev/null", numbers[2], (number) => number === numbers[1]);
    expect(taken).toEqual([numbers[1]]);
    expect(openSync("/dev/null", "r")).toBe(numbers[0]);
    for (const number of [numbers[0], numbers[1], numbers[3]]) closeSync(number);
  });

  test("a thread's loop polls the thread's own sockets, and those of no other thread", async () => {
    const program = await makeProgram(
      join(scratch.folder, "polled.cjs"),
      `
        import { createServer } from "node:net";
        import { parentPort } from "node:worker_threads";
        import { polledFiles } from "./zookeeper/file-numbers.ts";
        const server = createServer().listen(0, "127.0.0.1", () => setImmediate(() => setImmediate(() =>
          parentPort.postMessage({ own: server._handle.fd, polled: polledFiles().map(({ number }) => number) })
        )));
        parentPort.once("message", () => server.close());
      `,
    );
    const workers = [new Worker(program), new Worker(program), new Worker(program)];
    const told = await Promise.all(workers.map(async (worker) => (await once(worker, "message"))[0]));
    const here = polledFiles().map(({ number }) => number);
    const owns = told.map(({ own }) => own);
    for (const { own, polled } of told) {
      expect(polled.filter((number: number) => owns.includes(number))).toEqual([own]);
      expect(here).not.toContain(own);
    }
    for (const worker of workers) worker.postMessage("end");
    await Promise.all(workers.map((worker) => once(worker, "exit")));
  });
});

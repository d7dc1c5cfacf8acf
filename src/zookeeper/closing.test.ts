/**
 * Sessions that are closed by a function which the native client has called, while it has more to call. Each
 * test runs in a separate process, since a failure would abort this one.
 */
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ensemble } from "../ensemble/ensemble.ts";
import { startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { makeProgram } from "../testing/program.ts";

/** Two watches of one session on one znode, and more: the first to be called closes the session. */
const PROGRAM = `
  import { openSession } from "./zookeeper/open-session.ts";
  import { Watch } from "./zookeeper/session.ts";

  const [, , connect, root, how] = process.argv;
  const log = [];

  const ways = {
    "inside a listener": (session) => session.close(),
    "in a microtask of it": (session) => Promise.resolve().then(() => session.close()),
    "many microtasks later": async (session) => {
      for (let i = 0; i < 100; i++) await undefined;
      await session.close();
    },
  };

  async function main() {
    const other = await openSession({ connect, timeoutMs: 10_000 });
    const session = await openSession({ connect, timeoutMs: 10_000 });
    const path = await other.create(root + "/watched-", "", "persistent-sequential");
    session.on("state", (state) => log.push("state " + state));
    const called = () => {
      log.push("called");
      const closed = ways[how](session);
      return closed.then(() => log.push("closed"));
    };
    const ends = [];
    for (let i = 0; i < 3; i++) {
      await session.get(path, new Watch(() => ends.push(called())));
      await session.children(path, new Watch(() => ends.push(called())));
    }
    await other.remove(path);
    await other.sync(path);
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    const after = await session.exists(path).catch((error) => error.name);
    await Promise.all(ends);
    await other.close();
    console.log(JSON.stringify({ log, after }));
  }

  main();
`;

let scratch: Scratch;
let ensemble: Ensemble;
let program: string;

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "closing-test" });
  program = await makeProgram(join(scratch.folder, "closing.cjs"), PROGRAM);
});

afterAll(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

test.each(["inside a listener", "in a microtask of it", "many microtasks later"])(
  "closed %s, with more watches due: no more is called, and the process lives",
  async (how) => {
    const { exitCode, signal, stdout, stderr } = await execa(
      process.execPath,
      [program, ensemble.connect, ensemble.root, how],
      { timeout: 20_000, reject: false },
    );
    expect({ exitCode, signal, stderr }).toEqual({ exitCode: 0, signal: undefined, stderr: "" });
    const { log, after } = JSON.parse(stdout);
    expect(after).toBe("InvalidState");
    // Before the session says that it is closed, any watch may be called; after that, none.
    expect(log.slice(log.indexOf("state closed"))).toEqual([
      "state closed",
      ...log.filter((entry: string) => entry === "closed"),
    ]);
    expect(log).toContain("closed");
  },
);

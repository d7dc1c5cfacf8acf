/**
 * Child processes that have inherited the client's sockets: to the client this looks like an expired session.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeProgram } from "../testing/program.ts";
import { Venue } from "../testing/venue.ts";

/** Starts children while it opens a session, reports the outcome, and ends them. */
const PROGRAM = `
  import { spawn } from "node:child_process";
  import { openSession } from "./zookeeper/open-session.ts";

  async function main() {
    const [, , connect, connectTimeoutMs] = process.argv;
    const children = [];
    const spawner = setInterval(() => {
      if (children.length < 30) children.push(spawn("sleep", ["60"], { stdio: "ignore" }));
    }, 50);
    try {
      const session = await openSession({ connect, timeoutMs: 3000, connectTimeoutMs: Number(connectTimeoutMs) });
      console.log(session.state);
      await session.close();
    } catch ({ name, message }) {
      console.log(name + ": " + message);
    } finally {
      clearInterval(spawner);
      for (const child of children) child.kill("SIGKILL");
    }
  }

  main();
`;

let venue: Venue;
let program: string;

beforeAll(async () => {
  venue = await Venue.open("inherited-sockets");
  program = await makeProgram(join(venue.scratch.folder, "inherited-sockets.cjs"), PROGRAM);
});

afterAll(() => venue[Symbol.asyncDispose]());

/** Hangs up on every connection a while after accepting it, as servers without a quorum do; later it serves. */
async function hesitant() {
  let serves = false;
  const listener = createServer((client) => {
    client.on("error", () => undefined);
    if (!serves) {
      client.resume();
      setTimeout(() => client.destroy(), 300);
      return;
    }
    const up = connect(venue.address).on("error", () => undefined);
    client.pipe(up).pipe(client);
    client.on("close", () => up.destroy());
  });
  await once(listener.listen(0, "127.0.0.1"), "listening");
  return {
    port: (listener.address() as AddressInfo).port,
    serve() {
      serves = true;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
    },
  };
}

function openBeside(port: number, connectTimeoutMs: number) {
  const args = [program, `127.0.0.1:${port}`, String(connectTimeoutMs)];
  return execa(process.execPath, args, { timeout: 40_000, reject: false });
}

test("an opening goes on until its deadline, and reports no expiry of a session that never existed", async () => {
  await using servers = await hesitant();
  const { stdout } = await openBeside(servers.port, 4000);
  expect(stdout).toContain(`ConnectTimeout: no session with 127.0.0.1:${servers.port} within 4000 ms`);
});

test("it opens when the servers serve again", async () => {
  await using servers = await hesitant();
  const opening = openBeside(servers.port, 30_000);
  setTimeout(() => servers.serve(), 3000);
  const { stdout } = await opening;
  expect(stdout).toBe("connected");
});

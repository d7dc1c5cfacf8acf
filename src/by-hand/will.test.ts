/** The command that keeps wills for several processes, as containers of a pod use it. */
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { bundle } from "../package-root.ts";
import { goneAfter, until, Willed } from "../testing/willed.ts";

/** So long that even a busy machine is done with a will long before. */
const TIMEOUT_MS = 8000;
const LONG_BEFORE_MS = TIMEOUT_MS / 2;

let scratch: Scratch;
let ensemble: LocalEnsemble;
let folder: string;
let socket: string;
let znodes = 0;
const next = () => `${ensemble.root}/kept-${++znodes}`;
const daemons: Daemon[] = [];

type Daemon = ReturnType<typeof launch>;

function launch(path: string) {
  return execa(process.execPath, [bundle("cli.js"), "will", "--socket", path], {
    reject: false,
    timeout: 120_000,
  });
}

/** A daemon that keeps wills at the socket. */
async function keeping(): Promise<{ readonly daemon: Daemon }> {
  const daemon = launch(socket);
  daemons.push(daemon);
  const line = await new Promise<string>((resolve) => {
    daemon.stdout?.once("data", (bytes) => resolve(String(bytes)));
    daemon.stdout?.once("close", () => resolve("nothing"));
  });
  expect(line).toBe(`keeps wills at ${socket}\n`);
  // A promise of the daemon alone would be one of its end.
  return { daemon };
}

const willed = () =>
  Willed.start(scratch.folder, { connect: ensemble.connect, timeoutMs: TIMEOUT_MS, will: socket });
const gone = (name: string) => goneAfter(ensemble.session, name);
const isThere = async (name: string) => (await ensemble.session.exists(name)) !== undefined;

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 100, fsync: false, runId: "will-test" });
});

afterAll(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  socket = join(folder, "wills");
});

afterEach(async () => {
  for (const daemon of daemons.splice(0)) daemon.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

test("only its user may open the socket, and nothing is left of it afterwards", async () => {
  const { daemon } = await keeping();
  expect((await stat(socket)).mode & 0o777).toBe(0o600);
  daemon.kill("SIGTERM");
  expect(await daemon).toMatchObject({ exitCode: 0, stderr: "" });
  await expect(stat(socket)).rejects.toThrow("ENOENT");
});

test("the session of a process that is killed is over long before its timeout, and no other", async () => {
  await keeping();
  await using one = await willed();
  await using other = await willed();
  const [name, others] = [next(), next()];
  await one.open(name);
  await other.open(others);
  expect(await one.keeper()).toBe(undefined);
  await one.kill();
  expect(await gone(name)).toBeLessThan(LONG_BEFORE_MS);
  expect(await isThere(others)).toBe(true);
});

const onLinux = test.runIf(process.platform === "linux");

onLinux(
  "a daemon that is asked to end leaves its processes their sessions, to be kept by the next",
  async () => {
    const { daemon: first } = await keeping();
    await using one = await willed();
    const [name, later] = [next(), next()];
    await one.open(name);
    first.kill("SIGTERM");
    expect((await first).exitCode).toBe(0);
    // Nobody keeps wills at the moment.
    await one.open(later);
    await keeping();
    await until("the process has come back", async () => (await connectionsAt(socket)) > 0);
    await one.open(next());
    expect(await isThere(name)).toBe(true);
    await one.kill();
    expect(await gone(name)).toBeLessThan(LONG_BEFORE_MS);
    expect(await gone(later)).toBeLessThan(LONG_BEFORE_MS);
  },
);

test("the socket of a daemon that was killed is replaced", async () => {
  const { daemon: first } = await keeping();
  first.kill("SIGKILL");
  await first;
  expect((await stat(socket)).isSocket()).toBe(true);
  await keeping();
});

test("a daemon that lives is not displaced", async () => {
  await keeping();
  expect(await launch(socket)).toMatchObject({
    exitCode: 69,
    stderr: expect.stringContaining(`--socket ${socket}: cannot listen there`),
  });
  await using one = await willed();
  const name = next();
  await one.open(name);
  await one.kill();
  expect(await gone(name)).toBeLessThan(LONG_BEFORE_MS);
});

test("a file that is no socket is not touched", async () => {
  await writeFile(socket, "precious");
  expect(await launch(socket)).toMatchObject({
    exitCode: 69,
    stderr: expect.stringContaining(`--socket ${socket}: something else is there`),
  });
  expect(await readFile(socket, "utf8")).toBe("precious");
});

test.each([
  ["no JSON", "hello\n"],
  ["no order", "null\n"],
  ["no will", '{"type":"keep","will":1}\n'],
  ["a will whose parts are none", `${orderOf({ auth: [7] })}\n`],
  ["a will with a number of a session that is none", `${orderOf({ identity: { id: "f".repeat(17) } })}\n`],
  ["a will of no server", `${orderOf({ servers: [] })}\n`],
  ["a line without an end", "x".repeat(2 ** 21)],
])("whoever says %s is hung up on, and nobody else notices", async (_, words) => {
  await keeping();
  await using one = await willed();
  const name = next();
  await one.open(name);
  const rude = connect(socket).on("error", () => undefined);
  rude.resume().write(words);
  await new Promise((resolve) => rude.once("close", resolve));
  expect(await isThere(name)).toBe(true);
  await one.kill();
  expect(await gone(name)).toBeLessThan(LONG_BEFORE_MS);
});

test("what it hears last from a process that speaks otherwise ends no session: that process lives", async () => {
  await keeping();
  await using one = await Willed.start(scratch.folder, {
    connect: ensemble.connect,
    timeoutMs: TIMEOUT_MS,
    will: false,
  });
  const name = next();
  const identity = await one.open(name);
  const [{ address }] = ensemble.members;
  const rude = connect(socket).on("error", () => undefined);
  rude.resume().write(`${orderOf({ identity, servers: [address] })}\nhello\n`);
  await new Promise((resolve) => rude.once("close", resolve));
  // It would be done with this one's will later.
  await using other = await willed();
  const others = next();
  await other.open(others);
  await other.kill();
  await gone(others);
  expect(await isThere(name)).toBe(true);
});

test("a process that dies with an answer unread ends nobody else's will", async () => {
  const { daemon } = await keeping();
  const program = `
    const socket = require("node:net").connect(${JSON.stringify(socket)});
    socket.pause().write(${JSON.stringify(`${orderOf({})}\n`)});
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 300);`;
  await execa(process.execPath, ["-e", program], { reject: false });
  await using one = await willed();
  const name = next();
  await one.open(name);
  await one.kill();
  expect(await gone(name)).toBeLessThan(LONG_BEFORE_MS);
  expect(daemon.exitCode).toBe(null);
});

test("a session whose wills nobody keeps is not opened, and the reason says what to do", async () => {
  await using one = await willed();
  one.say({ type: "open", znode: next() });
  const { message } = await one.told("failed");
  expect(message).toContain(`will: nobody keeps wills at ${socket} (`);
  expect(message).toContain(`start zk-election-lab will --socket ${socket}`);
});

test("whoever listens there and is no keeper of wills is told no session", async () => {
  let heard = "";
  const other = createServer((client) => {
    client.setEncoding("utf8").on("data", (text) => {
      heard += text;
    });
    client.write("HTTP/1.1 400 Bad Request\n");
  });
  await new Promise<void>((resolve) => other.listen(socket, resolve));
  await chmod(socket, 0o600);
  await using one = await willed();
  one.say({ type: "open", znode: next() });
  expect((await one.told("failed")).message).toBe(`will: whoever listens at ${socket} is no keeper of wills`);
  expect(heard).toBe("");
  other.close();
});

/** An order to keep a will that lacks nothing, but for these parts. */
function orderOf(parts: object): string {
  const content = {
    identity: { id: "1", password: "0".repeat(32) },
    servers: [{ host: "127.0.0.1", port: 1 }],
    auth: [],
    timeoutMs: TIMEOUT_MS,
    ...parts,
  };
  return JSON.stringify({ type: "keep", will: 1, content });
}

/** The number of connections to a Unix socket. */
async function connectionsAt(path: string): Promise<number> {
  const lines = (await readFile("/proc/net/unix", "utf8")).split("\n");
  // The first line is that of the listener.
  return lines.filter((line) => line.endsWith(` ${path}`)).length - 1;
}

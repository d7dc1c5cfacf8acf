import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import getPort from "get-port";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bundle } from "../package-root.ts";
import { hostAndPort } from "../zookeeper/connect-string.ts";
import type { NativeSession } from "../zookeeper/native-session.ts";
import type { Auth } from "../zookeeper/open-options.ts";
import { openSession } from "../zookeeper/open-session.ts";
import { parseConnectFlag } from "./connect-flag.ts";
import { credentialsFrom } from "./credentials.ts";
import { findDistribution } from "./distribution.ts";
import { connectExternal } from "./external.ts";
import { Scratch } from "./scratch.ts";
import { startServer } from "./server.ts";

const ANN: Auth = { scheme: "digest", credentials: "ann:pass-of-ann" };
const BOB: Auth = { scheme: "digest", credentials: "bob:pass-of-bob" };
const program = bundle("cli.js");

let scratch: Scratch;
/** An ensemble that serves nobody without credentials. */
let connect: string;
let ann: NativeSession;
/** The program's working folder. */
let folder: string;

beforeAll(async () => {
  const strict = "-Dzookeeper.enforce.auth.enabled=true -Dzookeeper.enforce.auth.schemes=digest";
  vi.stubEnv("JAVA_TOOL_OPTIONS", strict);
  scratch = await Scratch.create();
  const [distribution, port] = [await findDistribution(), await getPort({ host: "127.0.0.1" })];
  const { address } = await startServer(scratch, { distribution, port, tickTimeMs: 200, fsync: false });
  connect = hostAndPort(address);
  ann = await openSession({ connect, timeoutMs: 30_000, auth: [ANN] });
  // Only Ann may do anything there, and nobody may do anything beside it.
  await ann.create("/anns", "", "persistent");
  await ann.setAcl("/anns", [{ permissions: 31, scheme: "auth", id: "" }]);
  await ann.setAcl("/", [{ permissions: 1, scheme: "world", id: "anyone" }]);
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await ann?.close();
  await scratch[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe("ZK_AUTH", () => {
  test.each([
    ["digest:ann:pass-of-ann", [ANN]],
    ["digest:ann:with:colon and space", [{ scheme: "digest", credentials: "ann:with:colon and space" }]],
    ["house-made:token", [{ scheme: "house-made", credentials: "token" }]],
    [undefined, []],
  ])("%s", (text, auth) => {
    expect(credentialsFrom({ ZK_AUTH: text })).toEqual(auth);
  });

  test.each([
    "",
    "pass-of-ann",
    "digest",
    "digest:",
    "digest:pass-of-ann",
    "digest::pass-of-ann",
    "digest:ann:",
  ])("%j is refused, without a word of what it holds", (text) => {
    expect(() => credentialsFrom({ ZK_AUTH: text })).toThrow(
      expect.objectContaining({
        code: "usage",
        message: "ZK_AUTH: write it as digest:user:password, or unset it",
      }),
    );
  });

  test("is refused in --connect", () => {
    expect(() => parseConnectFlag("ann:pass-of-ann@zk1:2181/lab")).toThrow(
      expect.objectContaining({ code: "usage", message: expect.not.stringContaining("pass-of-ann") }),
    );
    expect(() => parseConnectFlag("ann@zk1:2181/lab")).toThrow("ZK_AUTH=digest:user:password");
    expect(parseConnectFlag("zk1:2181/team@home").chroot).toBe("/team@home");
  });
});

describe("an ensemble that requires credentials", () => {
  const runOf = (at: string, auth: readonly Auth[]) =>
    connectExternal({
      connect: at,
      auth,
      sessionTimeoutsMs: [4000],
      crowd: { candidates: 3, sessions: 3 },
      runId: "run",
    });

  test("is used below the user's chroot, and left as it was", async () => {
    const ensemble = await runOf(`${connect}/anns/lab`, [ANN]);
    expect(ensemble).toMatchObject({ root: "/anns/lab/run", auth: [ANN] });
    expect(await ann.exists("/anns/lab/run")).toBeDefined();
    await ensemble.close();
    expect(await ann.children("/anns")).toEqual([]);
  });

  test.each([
    { where: "without a chroot", chroot: "", auth: [ANN], path: "/zk-election-lab" },
    { where: "below somebody else's", chroot: "/anns", auth: [BOB], path: "/anns/run" },
    { where: "as nobody", chroot: "/anns", auth: [], path: "/anns" },
  ])("is not, $where: which znode, and what would help", async ({ chroot, auth, path }) => {
    const error = await runOf(`${connect}${chroot}`, auth).catch((error) => error);
    expect(error).toMatchObject({ name: "LabError", code: "usage" });
    expect(error.message).toContain(`to use ${path};`);
    expect(error.message).toContain("ZK_AUTH=digest:user:password");
    expect(await ann.children("/anns")).toEqual([]);
  });

  test("and a user without them: the message names the variable", async () => {
    const error = await runOf(connect, [{ scheme: "no-such", credentials: "secret" }]).catch(
      (error) => error,
    );
    expect(error).toMatchObject({ name: "LabError", code: "usage" });
    expect(error.message).toMatch(/^ZK_AUTH: .*no-such/);
    expect(error.message).not.toContain("secret");
  });
});

describe("the commands", () => {
  const run = (args: readonly string[], env: NodeJS.ProcessEnv) =>
    execa(process.execPath, [program, ...args], { cwd: folder, env, reject: false, timeout: 150_000 });

  test("all sessions of a run have them, and nothing that it writes has", async () => {
    const { exitCode, stdout, stderr } = await run(
      // A session that is ended from outside is followed by a new one.
      ["lab", "--connect", `${connect}/anns`, "--candidates", "3", "--failovers", "2"].concat([
        "--scheme",
        "predecessor",
        "--fault",
        "expire",
        "--out",
        "out",
      ]),
      { ZK_AUTH: "digest:ann:pass-of-ann" },
    );
    expect(stderr).not.toContain("pass-of-ann");
    expect(stdout).toMatch(/^predecessor +3 +expire .* all valid$/m);
    expect(stdout).not.toContain("pass-of-ann");
    for (const file of ["result.json", "report.html"]) {
      expect(await readFile(join(folder, "out", file), "utf8")).not.toContain("pass-of-ann");
    }
    expect(exitCode).toBe(0);
    expect(await ann.children("/anns")).toEqual([]);
  });

  test("a candidate in a terminal has them too", async () => {
    const path = await ann.create("/anns/candidates", "", "persistent");
    await ann.setAcl(path, [{ permissions: 31, scheme: "auth", id: "" }]);
    const child = run(["client", "--connect", `${connect}/anns`], { ZK_AUTH: "digest:ann:pass-of-ann" });
    for await (const line of child) {
      if (String(line).includes("LEADS")) child.kill("SIGINT");
    }
    expect(await child).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("left the election") });
    // A busy server may carry out the end of a session only after its client has stopped waiting for that.
    await vi.waitFor(() => ann.remove("/anns/candidates"), 10_000);
  });

  test("a candidate in a terminal without them is told what would help", async () => {
    const bobs = await run(["client", "--connect", `${connect}/anns`], { ZK_AUTH: "digest:bob:pass-of-bob" });
    expect(bobs).toMatchObject({
      exitCode: 69,
      stderr: expect.stringContaining("ZK_AUTH=digest:user:password"),
    });
  });

  test.each([["lab"], ["bench"], ["client"]])("%s: exit 64 where they are malformed", async (command) => {
    const { exitCode, stderr, stdout } = await run([command, "--connect", connect], {
      ZK_AUTH: "digest:pass-of-ann",
    });
    expect({ exitCode, stderr, stdout }).toEqual({
      exitCode: 64,
      stderr: "ZK_AUTH: write it as digest:user:password, or unset it",
      stdout: "",
    });
  });

  test.each([["lab"], ["bench"], ["client"]])("%s --help names the variable", async (command) => {
    expect((await run([command, "--help"], {})).stdout).toContain("ZK_AUTH=");
  });
});

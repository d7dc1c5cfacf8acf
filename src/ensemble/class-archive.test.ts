import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import getPort from "get-port";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Distribution, findDistribution } from "./distribution.ts";
import { makeClassArchive } from "./make-class-archive.ts";
import { Scratch } from "./scratch.ts";
import { startServer } from "./server.ts";

const distribution = await findDistribution();
let scratch: Scratch;
let base: string;
let cache: string;

beforeAll(async () => {
  scratch = await Scratch.create();
});
afterAll(() => scratch[Symbol.asyncDispose]());

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  // A colon would separate two archives.
  cache = join(base, "gr\u00f6\u00dfe a:b,c");
  vi.stubEnv("ZK_ELECTION_LAB_CACHE", cache);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(base, { recursive: true });
});

/** Starts a server; where it has the class of its main program from. */
async function sourceOfMain(from: Distribution = distribution): Promise<string | undefined> {
  const log = join(base, "classes");
  const port = await getPort({ host: "127.0.0.1" });
  const jvmOptions = [`-Xlog:class+load:file=${log}:none`];
  const options = { distribution: from, port, tickTimeMs: 200, fsync: false, jvmOptions };
  const server = await startServer(scratch, options);
  process.kill(server.pid, "SIGKILL");
  await server.exited;
  const loaded = await readFile(log, "utf8");
  return /^org\.apache\.zookeeper\.server\.quorum\.QuorumPeerMain source: (.*)$/m.exec(loaded)?.[1];
}

describe.runIf(distribution.javaMajor >= 17)("the archive of the server's classes", () => {
  test("is made once, and servers load their classes from it", async () => {
    expect(await sourceOfMain()).toMatch(/\.jar$/);
    const place = await makeClassArchive(scratch, distribution);
    expect(await readdir(cache)).toEqual([basename(place ?? "")]);
    expect(await sourceOfMain()).toBe("shared objects file (top)");
    expect(await makeClassArchive(scratch, distribution)).toBe(place);
  });

  test("is for the jars that it was made from", async () => {
    await makeClassArchive(scratch, distribution);
    const jars = await Promise.all(
      distribution.classPath.map(async (jar) => {
        const copy = join(base, basename(jar));
        await copyFile(jar, copy);
        return copy;
      }),
    );
    const [first = ""] = jars;
    await utimes(first, 1, 1);
    expect(await sourceOfMain({ ...distribution, classPath: jars })).toMatch(/\.jar$/);
  });

  test("may be anything: a server starts without it", async () => {
    const place = (await makeClassArchive(scratch, distribution)) ?? "";
    await rm(place);
    await writeFile(place, "no archive");
    expect(await sourceOfMain()).toMatch(/\.jar$/);
  });

  test("leaves nothing behind where it cannot be made", async () => {
    const java = join(base, "no-java");
    await copyFile(distribution.java, java);
    await mkdir(cache);
    await expect(makeClassArchive(scratch, { ...distribution, java })).rejects.toThrow("did not start");
    expect(await readdir(cache)).toEqual([]);
  });
});

test("an older Java has none", async () => {
  expect(await makeClassArchive(scratch, { ...distribution, javaMajor: 16 })).toBeNull();
});

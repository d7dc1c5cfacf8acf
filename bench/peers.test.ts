/** The bench as a person runs it; peers are measured only where they have been fetched. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../src/installation.ts";
import { implementation, peerNames } from "../src/options/peers.ts";
import { bundle } from "../src/package-root.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const fetched = peerNames.filter((name) => !("reason" in implementation(name, root)));

async function verdictsOf(name: string, fault: string): Promise<string> {
  const { stdout } = await execa(
    process.execPath,
    [bundle("bench/peers.js"), "--peer", name, "--fault", fault, "--candidates", "3", "--failovers", "3"],
    { cwd: folder, timeout: 150_000 },
  );
  const row = stdout.split("\n").find((line) => line.startsWith(`| \`${name}\``));
  return row?.split("|").at(-2)?.trim() ?? stdout;
}

test("ours", async () => {
  expect(await verdictsOf("heir-with-will", "resign,kill")).toBe("all valid");
});

test.skipIf(fetched.length === 0).each(fetched)("%s", async (name) => {
  expect(await verdictsOf(name, "resign,pause")).toBe("all valid");
});

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { implementation, implementationNames, nameOfTrial, peerNames } from "./peers.ts";

/** A clone's folder, with a quote in its name. */
let root: string;

beforeEach(async () => {
  root = join(await mkdtemp(join(tmpdir(), "zk-election-lab-test-")), "it's here");
});

afterEach(() => rm(join(root, ".."), { recursive: true, force: true }));

async function fetched(name: string, file: string, text: string): Promise<void> {
  await mkdir(join(root, ".peers", name), { recursive: true });
  await writeFile(join(root, ".peers", name, file), `${text}\n`);
}

test("ours are always there, in processes", () => {
  expect(implementation("heir-with-will", root)).toMatchObject({
    host: "process-with-will",
    planned: { source: { name: "heir" } },
    version: null,
  });
});

test.each(peerNames)("%s is a program when it is fetched, and says otherwise what to do", async (name) => {
  expect(implementation(name, root)).toEqual({ name, reason: "it is not fetched; run ./scripts/peers" });
  await fetched(name, "skipped", "no tool on PATH");
  expect(implementation(name, root)).toEqual({ name, reason: "no tool on PATH" });
  await fetched(name, "version", "peer 1.0");
  const found = implementation(name, root);
  expect(found).toMatchObject({ name, host: "program", version: "peer 1.0", planned: { scheme: { name } } });
  // A shell reads the folder as one word.
  expect(JSON.stringify(found)).toContain(String.raw`it'\\''s here/`);
});

test("a trial tells whose it is", () => {
  const trialOf = { scheme: "heir", host: "process" };
  expect(nameOfTrial(trialOf)).toBe("heir");
  expect(nameOfTrial({ ...trialOf, host: "process-with-will" })).toBe("heir-with-will");
  expect(nameOfTrial({ scheme: "go-lock", host: "program" })).toBe("go-lock");
  expect(implementationNames).toEqual(expect.arrayContaining(["heir", "predecessor", "go-lock"]));
});

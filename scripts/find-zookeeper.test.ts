import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";

test.each([
  { args: ["java"], line: /^Java \d+ \(.+\)$/ },
  { args: ["server"], line: /^ZooKeeper \d+\.\d+\.\d+.*, .+ \(.+\)$/ },
  { args: ["home", "3.9.5"], line: /3\.9\.5/ },
])("the set-up is told what is there: $args", async ({ args, line }) => {
  const { exitCode, stdout } = await execa("node", [
    join(import.meta.dirname, "find-zookeeper.mjs"),
    ...args,
  ]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(line);
});

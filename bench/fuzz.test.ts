/** A few rounds; the long fuzz is `yarn bench:fuzz --for 10m`. */
import { execa } from "execa";
import { expect, test } from "vitest";
import { bundle } from "../src/package-root.ts";

test("sessions and elections that are used from inside every callback end cleanly", async () => {
  const { stdout, exitCode } = await execa(
    process.execPath,
    [bundle("bench/fuzz.js"), "--for", "20s", "--seed", "1"],
    {
      reject: false,
      timeout: 110_000,
    },
  );
  // If something was found, this shows the whole output.
  expect(stdout).toMatch(/^seed 1\n[1-9]\d* rounds: nothing$/);
  expect(exitCode).toBe(0);
}, 120_000);

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { limitRefusal } from "./control-group.ts";
import { Disk, diskRefusal, tryDisk } from "./disk.ts";
import { Scratch } from "./scratch.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

function mounted(image: string): string {
  return execFileSync("losetup", ["-j", image], { encoding: "utf8" });
}

test("says why there can be none", () => {
  vi.stubEnv("PATH", join(folder, "empty"));
  expect(tryDisk()).toContain("mke2fs");
});

test.skipIf(diskRefusal() !== null)(
  "keeps its data, runs full, and goes with its process, however that ends",
  async () => {
    const place = join(folder, "data");
    const image = join(folder, "image");
    await mkdir(place);
    await writeFile(join(place, "myid"), "1");
    const disk = await Disk.create(image, place);
    const log = join(folder, "log");
    const scratch = await Scratch.create();
    const written = async (script: string) => {
      const run = scratch.run({
        ...disk.within("sh", ["-c", `${script}; exec sleep 60`]),
        folder: place,
        log,
      });
      const pid = await run.pid;
      const inside = `/proc/${pid}/root${place}`;
      await vi.waitFor(async () => expect(await readdir(inside)).toContain("begun"), 10_000);
      return { pid, inside, exited: run.exited };
    };
    try {
      const first = await written(`cat '${place}/myid' >'${place}/copy'; touch '${place}/begun'`);
      expect(await readdir(first.inside)).toEqual(expect.arrayContaining(["myid", "copy"]));
      // Nobody else sees it.
      expect(await readdir(place)).toEqual(["myid"]);
      await disk.fill(first.pid);
      await expect(writeFile(join(first.inside, "more"), "x".repeat(4096))).rejects.toThrow("ENOSPC");
      process.kill(first.pid, "SIGKILL");
      await first.exited;
      await vi.waitFor(() => expect(mounted(image)).toBe(""), 5000);

      const again = await written("true");
      expect(await readdir(again.inside)).toEqual(expect.arrayContaining(["myid", "copy", "begun"]));
      // What was in it shows a moment before what filled it is gone.
      await vi.waitFor(() => writeFile(join(again.inside, "more"), "x".repeat(4096)), 5000);
    } finally {
      // As when the lab is gone.
      await scratch[Symbol.asyncDispose]();
    }
    await vi.waitFor(() => expect(mounted(image)).toBe(""), 5000);
  },
);

test.skipIf(diskRefusal() !== null || limitRefusal() !== null)(
  "takes no more writes than it is limited to, for its own processes, and leaves no control group",
  async () => {
    const [place, image] = [join(folder, "data"), join(folder, "image")];
    await mkdir(place);
    const disk = await Disk.create(image, place);
    const scratch = await Scratch.create();
    const within = disk.within("sh", [
      "-c",
      `while [ ! -e go ]; do sleep 0.02; done
       begin=$(date +%s%N)
       for one in 1 2 3 4; do echo $one >>'${place}/file'; sync -d '${place}/file'; done
       echo $((($(date +%s%N) - begin) / 1000000)) >took`,
    ]);
    try {
      const run = scratch.run({ ...within, folder, log: join(folder, "log") });
      const pid = await run.pid;
      await vi.waitFor(() => disk.limit(pid, 4), 10_000);
      await writeFile(join(folder, "go"), "");
      await run.exited;
      // A quarter of a second for each but the first; without a limit, some milliseconds.
      expect(Number(await readFile(join(folder, "took"), "utf8"))).toBeGreaterThan(400);
      expect(existsSync(within.group ?? "")).toBe(false);
    } finally {
      await scratch[Symbol.asyncDispose]();
    }
  },
);

test.skipIf(diskRefusal() !== null || limitRefusal() !== null)(
  "goes with a keeper that is killed, even if its process waits for it, and leaves no control group",
  async () => {
    const [place, image] = [join(folder, "data"), join(folder, "image")];
    await mkdir(place);
    const disk = await Disk.create(image, place);
    const scratch = await Scratch.create();
    const within = disk.within("sh", [
      "-c",
      `while [ ! -e go ]; do sleep 0.02; done
       while :; do echo more >>'${place}/file'; sync -d '${place}/file'; echo more >>wrote; done`,
    ]);
    try {
      const run = scratch.run({ ...within, folder, log: join(folder, "log") });
      const pid = await run.pid;
      await vi.waitFor(() => disk.limit(pid, 1), 10_000);
      await writeFile(join(folder, "go"), "");
      await vi.waitFor(() => expect(existsSync(join(folder, "wrote"))).toBe(true), 10_000);
      const keeper = /^PPid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
      process.kill(Number(keeper), "SIGKILL");
      await run.exited;
    } finally {
      await scratch[Symbol.asyncDispose]();
    }
    expect(existsSync(within.group ?? "")).toBe(false);
    await vi.waitFor(() => expect(mounted(image)).toBe(""), 5000);
  },
);

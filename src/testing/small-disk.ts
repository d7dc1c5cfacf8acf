/** An in-memory disk that is soon full, or read-only. Mounting needs privileges. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class SmallDisk {
  /** The mount point. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Whether this process may mount one. */
  static isPossible(): boolean {
    try {
      SmallDisk.mount()[Symbol.dispose]();
      return true;
    } catch {
      return false;
    }
  }

  static mount(): SmallDisk {
    const path = mkdtempSync(join(tmpdir(), "zk-election-lab-test-disk-"));
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", path], { stdio: "ignore" });
    } catch (error) {
      rmdirSync(path);
      throw error;
    }
    return new SmallDisk(path);
  }

  /** Leaves this many bytes free, or a little less. */
  fill(left: number): void {
    const { bavail, bsize } = statfsSync(this.path);
    const pages = bavail - Math.floor(left / bsize);
    if (pages > 0) writeFileSync(join(this.path, "filling"), Buffer.alloc(pages * bsize), { flag: "a" });
  }

  /** Makes it read-only. */
  close(): void {
    execFileSync("mount", ["-o", "remount,ro", this.path]);
  }

  [Symbol.dispose](): void {
    execFileSync("umount", [this.path]);
    rmdirSync(this.path);
  }
}

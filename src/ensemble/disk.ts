/**
 * A small disk for one server's data, which a fault can fill: an image file, mounted in a mount namespace that
 * the server's process has for itself. So nothing stays mounted when that process ends, however it ends. It is
 * a real file system, not one in memory: a synced write is on disk, and data outlasts a restart.
 */
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { codeOf, messageOf } from "../thrown.ts";

/** Enough for snapshots and logs of some thousand znodes; most of a log's length is a hole. */
const SIZE = "24M";
/** What takes its space. */
const FILLING = "filling";
/** The last is the size of a block, so that nothing stays free. */
const CHUNKS = [65_536, 4096, 1024];

/**
 * Mounts the image, and becomes the command. The last process that had it mounted may have ended a moment ago,
 * and two mounts of it would spoil it.
 */
const MOUNTING = `
  while [ -n "$(losetup -j "$1")" ]; do sleep 0.02; done
  mount -o loop "$1" "$2" && rm -f "$2/${FILLING}" && shift 2 && exec "$@"
`;

export class Disk {
  readonly #image: string;
  readonly #folder: string;

  private constructor(image: string, folder: string) {
    this.#image = image;
    this.#folder = folder;
  }

  /** A disk that has what is in the folder, and takes its place for whoever runs {@link within} it. */
  static async create(image: string, folder: string): Promise<Disk> {
    await promisify(execFile)("mke2fs", formatting(image, folder));
    return new Disk(image, folder);
  }

  /** The command with the disk mounted. */
  within(command: string, args: readonly string[]): { command: string; args: readonly string[] } {
    return { command: "unshare", args: mounting(this.#image, this.#folder, command, args) };
  }

  /**
   * Leaves nothing free, until the disk is mounted again.
   * @param pid a process that has it mounted
   */
  async fill(pid: number): Promise<void> {
    const file = await open(`/proc/${pid}/root${join(this.#folder, FILLING)}`, "w");
    try {
      for (const bytes of CHUNKS) while (await hasRoom(() => file.write(Buffer.alloc(bytes))));
      await hasRoom(() => file.sync());
    } finally {
      await file.close();
    }
  }
}

async function hasRoom(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOSPC") return false;
    throw error;
  }
}

function formatting(image: string, folder: string): string[] {
  return ["-q", "-F", "-t", "ext4", "-m", "0", "-d", folder, image, SIZE];
}

function mounting(image: string, folder: string, command: string, args: readonly string[]): string[] {
  return ["--mount", "sh", "-c", MOUNTING, "sh", image, folder, command, ...args];
}

let known: { readonly refusal: string | null } | undefined;

/** Why this machine does not let us mount a disk; `null` if it does. It is tried once. */
export function diskRefusal(): string | null {
  known ??= { refusal: tryDisk() };
  return known.refusal;
}

/** Tries it now. */
export function tryDisk(): string | null {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), "zk-election-lab-disk-"));
    const [image, place] = [join(folder, "image"), join(folder, "place")];
    mkdirSync(place);
    execFileSync("mke2fs", formatting(image, place), { stdio: "pipe" });
    execFileSync("unshare", mounting(image, place, "true", []), { stdio: "pipe" });
    return null;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr ?? "").trim() : "";
    return said === "" ? messageOf(error) : said;
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

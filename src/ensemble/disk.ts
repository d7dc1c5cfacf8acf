/**
 * A small disk for one server's data, which a fault can fill or slow down: an image file, mounted in a mount
 * namespace that the server's process has for itself. So nothing stays mounted when that process ends, however
 * it ends. It is a real file system, not one in memory: a synced write is on disk, and data outlasts a restart.
 */
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { open, readFile, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { codeOf, messageOf } from "../thrown.ts";
import { limitRefusal, limitWrites, nextGroup } from "./control-group.ts";

/** Enough for snapshots and logs of some thousand znodes; most of a log's length is a hole. */
const SIZE = "24M";
/** What takes its space. */
const FILLING = "filling";
/** The last is the size of a block, so that nothing stays free. */
const CHUNKS = [65_536, 4096, 1024];

/**
 * Mounts the image, joins the group if there is one, and becomes the command. The last process that had it
 * mounted may have ended a moment ago, and two mounts of it would spoil it.
 */
const MOUNTING = `
  while [ -n "$(losetup -j "$1")" ]; do sleep 0.02; done
  mount -o loop "$1" "$2" && rm -f "$2/${FILLING}" || exit
  [ -z "$3" ] || { mkdir -p "$3" && echo $$ >"$3/cgroup.procs"; } || exit
  shift 3 && exec "$@"
`;

export class Disk {
  readonly #image: string;
  readonly #folder: string;
  /** Empty where writes cannot be limited. */
  readonly #group: string;

  private constructor(image: string, folder: string, group: string) {
    this.#image = image;
    this.#folder = folder;
    this.#group = group;
  }

  /** A disk that has what is in the folder, and takes its place for whoever runs {@link within} it. */
  static async create(image: string, folder: string): Promise<Disk> {
    await promisify(execFile)("mke2fs", formatting(image, folder));
    const group = limitRefusal() === null ? nextGroup() : "";
    return new Disk(image, await realpath(folder), group);
  }

  /** The command with the disk mounted, and the control group that it makes for itself. */
  within(command: string, args: readonly string[]): Within {
    const mounted = mounting(this.#image, this.#folder, this.#group, command, args);
    return { command: "unshare", args: mounted, ...(this.#group !== "" && { group: this.#group }) };
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

  /**
   * Limits what reaches it.
   * @param pid a process that has it mounted
   * @param writesPerSecond 0 for no limit
   */
  async limit(pid: number, writesPerSecond: number): Promise<void> {
    const mounts = (await readFile(`/proc/${pid}/mountinfo`, "utf8"))
      .split("\n")
      .map((line) => line.split(" "));
    const device = mounts.find(([, , , , place]) => place === this.#folder)?.[2];
    if (device === undefined) throw new Error(`process ${pid} has not mounted ${this.#folder}`);
    limitWrites(this.#group, device, writesPerSecond);
  }
}

/** What to start. */
interface Within {
  readonly command: string;
  readonly args: readonly string[];
  readonly group?: string;
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

function mounting(
  image: string,
  folder: string,
  group: string,
  command: string,
  args: readonly string[],
): string[] {
  return ["--mount", "sh", "-c", MOUNTING, "sh", image, folder, group, command, ...args];
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
    execFileSync("unshare", mounting(image, place, "", "true", []), { stdio: "pipe" });
    return null;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr ?? "").trim() : "";
    return said === "" ? messageOf(error) : said;
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

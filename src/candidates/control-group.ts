/**
 * Finds what this process's control groups still grant, from `/proc/self/cgroup` and the files below
 * `/sys/fs/cgroup` (cgroups(7)): the limits of a container, or of a service, are those of a group.
 */
import { join } from "node:path";

/** The content of a system file; empty if there is no such file. */
export type Read = (file: string) => Promise<string>;

export interface Room {
  /** The file that holds the limit. */
  readonly file: string;
  readonly limit: number;
  /** The unused part of the limit. */
  readonly left: number;
}

const files = {
  memory: {
    v1: {
      limit: "memory.limit_in_bytes",
      used: "memory.usage_in_bytes",
      spare: /^total_inactive_file (\d+)/m,
    },
    v2: { limit: "memory.max", used: "memory.current", spare: /^inactive_file (\d+)/m },
  },
  pids: {
    v1: { limit: "pids.max", used: "pids.current", spare: undefined },
    v2: { limit: "pids.max", used: "pids.current", spare: undefined },
  },
} as const;

/** The one of the group and its ancestors with the least room; undefined if nothing limits them. */
export async function roomFor(resource: keyof typeof files, read: Read): Promise<Room | undefined> {
  let least: Room | undefined;
  for (const line of (await read("/proc/self/cgroup")).split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    const unified = controllers === "";
    if (!unified && !controllers.split(",").includes(resource)) continue;
    const mount = unified ? "/sys/fs/cgroup" : `/sys/fs/cgroup/${resource}`;
    // In a container the path may be that on its host, of which only the topmost group is visible.
    for (let group = join(mount, path); group.startsWith(mount); group = join(group, "..")) {
      const room = await roomIn(group, files[resource][unified ? "v2" : "v1"], read);
      if (room !== undefined && (least === undefined || room.left < least.left)) least = room;
    }
  }
  return least;
}

async function roomIn(
  group: string,
  names: (typeof files)["memory" | "pids"]["v1" | "v2"],
  read: Read,
): Promise<Room | undefined> {
  const file = join(group, names.limit);
  // A group without a limit says "max".
  const limit = Number.parseInt(await read(file), 10);
  if (Number.isNaN(limit)) return undefined;
  const used = Number.parseInt(await read(join(group, names.used)), 10) || 0;
  // Cached files that nobody has read lately are dropped before anybody is killed.
  const spare = Number(names.spare?.exec(await read(join(group, "memory.stat")))?.[1] ?? 0);
  return { file, limit, left: limit - used + spare };
}

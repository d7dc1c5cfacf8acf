/** Linux control groups (version 1) that limit what their processes write to a device. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../thrown.ts";

const GROUPS = "/sys/fs/cgroup/blkio";
const LIMIT = "blkio.throttle.write_iops_device";

let groups = 0;

/** A name for a group that nobody has made. */
export function nextGroup(): string {
  return join(GROUPS, `zk-election-lab-${process.pid}-${++groups}`);
}

/**
 * @param device its numbers, as in `7:0`
 * @param perSecond 0 for no limit
 */
export function limitWrites(group: string, device: string, perSecond: number): void {
  writeFileSync(join(group, LIMIT), `${device} ${perSecond}`);
}

/** Does what it can: there may be no such group. */
export function liftLimit(group: string): void {
  try {
    for (const line of readFileSync(join(group, LIMIT), "utf8").split("\n")) {
      const [device = ""] = line.split(" ");
      if (device !== "") limitWrites(group, device, 0);
    }
  } catch {
    // Then nothing is limited.
  }
}

/** Does what it can: an empty group that stays has no effect. */
export function removeGroup(group: string): void {
  try {
    rmdirSync(group);
  } catch {
    // The command may not have made it.
  }
}

/** Why the writes to a disk cannot be limited; `null` if they can. */
export function limitRefusal(): string | null {
  const group = nextGroup();
  try {
    mkdirSync(group);
  } catch (error) {
    return messageOf(error);
  }
  const can = existsSync(join(group, LIMIT));
  rmdirSync(group);
  return can ? null : `${GROUPS} has no ${LIMIT}`;
}

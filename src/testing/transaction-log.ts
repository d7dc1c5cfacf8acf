/**
 * Writes a transaction log for a server that has not started yet, in ZooKeeper's format (`FileTxnLog`,
 * `zookeeper.jute`). This is the only way to a sequence counter that is close to its end, since only creates
 * move it.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Lets a server accept a log without a snapshot, which it takes for damage by default. */
export const TRUSTING = { "snapshot.trust.empty": true } as const satisfies Record<string, boolean>;

const CREATE = 1;
const ALL_PERMISSIONS = 31;

/**
 * Fills a server's data folder: each of these znodes, below the root, has one child, `x`, and the next
 * sequential one will have the given number.
 */
export async function writeCounters(
  dataFolder: string,
  counters: Readonly<Record<string, number>>,
): Promise<void> {
  const folder = join(dataFolder, "version-2");
  await mkdir(folder, { recursive: true });
  const entries = Object.entries(counters).flatMap(([name, next], index) => [
    created(2 * index + 1, `/${name}`, index + 1),
    created(2 * index + 2, `/${name}/x`, next),
  ]);
  await writeFile(join(folder, "log.1"), Buffer.concat([fileHeader(), ...entries]));
}

function fileHeader(): Buffer {
  const version = 2;
  return Buffer.concat([Buffer.from("ZKLG"), ints(version), Buffer.alloc(8)]);
}

/** @param count of changes to the children of its parent, from which sequence numbers are made */
function created(zxid: number, path: string, count: number): Buffer {
  const header = Buffer.concat([Buffer.alloc(8), ints(0), long(zxid), long(Date.now()), ints(CREATE)]);
  const acl = Buffer.concat([ints(1, ALL_PERMISSIONS), counted("world"), counted("anyone")]);
  const persistent = Buffer.from([0]);
  const bytes = Buffer.concat([header, counted(path), counted(""), acl, persistent, ints(count)]);
  return Buffer.concat([long(adler32(bytes)), ints(bytes.length), bytes, Buffer.from("B")]);
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([ints(bytes.length), bytes]);
}

function ints(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeInt32BE(value, 4 * index);
  return bytes;
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function adler32(bytes: Buffer): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}

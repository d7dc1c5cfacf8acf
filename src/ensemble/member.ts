/** A server of an ensemble, the run's own or the user's. */
import type { Role } from "../history/own-servers.ts";
import { type Address, hostAndPort } from "../zookeeper/connect-string.ts";
import type { Limit } from "./awake.ts";
import type { Controls } from "./controls.ts";
import { roleOf } from "./four-letter-word.ts";
import type { JvmCounts } from "./jvm.ts";
import type { ServerProcess } from "./server-process.ts";

export interface Member {
  readonly address: Address;
  /** Only for a server that this run started. */
  readonly process?: ServerProcess;
  /** Only for a server that this run may strike; others of the user's are not ours to touch. */
  readonly controls?: Controls | undefined;
  /** Asks the server; `null` if it does not answer, or does not serve. */
  role(limit?: Limit): Promise<Role | null>;
}

/** A server that this run may strike. */
export interface StrikableMember extends Member {
  readonly controls: Controls;
}

/** A server that this run started. */
export interface LocalMember extends StrikableMember {
  readonly process: ServerProcess;
}

export function foreignMember(address: Address, controls?: Controls): Member {
  return { address, controls, role: (limit) => roleOf(address, limit) };
}

export function localMember(process: ServerProcess): LocalMember {
  return { ...foreignMember(process.address), process, controls: process };
}

/** A connect string of all of them, in their order. */
export function connectOf(members: readonly Member[]): string {
  return members.map(({ address }) => hostAndPort(address)).join(",");
}

/** The JVM figures of our own servers. */
export function jvmCounts(members: readonly Member[]): JvmCounts[] {
  return members.flatMap(({ process }) => process?.jvm.counts() ?? []);
}

/** The live heap in bytes of the largest of our own servers; `null` if one does not tell, or there are none. */
export async function largestHeap(members: readonly Member[]): Promise<number | null> {
  const heaps = await Promise.all(members.flatMap(({ process }) => process?.jvm.liveBytes() ?? []));
  const known = heaps.flatMap((bytes) => bytes ?? []);
  return known.length === 0 || known.length < heaps.length ? null : Math.max(...known);
}

/**
 * The server that leads the others.
 * @throws when none says so
 */
export async function leaderOf<One extends Member>(members: readonly One[]): Promise<One> {
  const roles = await Promise.all(members.map((member) => member.role()));
  const leader = members[roles.indexOf("leader")];
  if (leader === undefined) throw new Error("none of the servers leads");
  return leader;
}

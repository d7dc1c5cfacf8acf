/** The run's own ensemble: real ZooKeeper servers on the loopback interface, gone after the run. */
import type { Spread } from "../history/own-servers.ts";
import { hostAndPort } from "../zookeeper/connect-string.ts";
import { openSession } from "../zookeeper/open-session.ts";
import { COORDINATOR_TIMEOUT_MS, CoordinatorSession, STRUCK_PATIENCE_MS } from "./coordinator-session.ts";
import type { Ensemble } from "./ensemble.ts";
import { type LocalMembers, type MemberOptions, startMembers } from "./local-members.ts";
import { connectOf, leaderOf } from "./member.ts";
import { Monitors } from "./monitors.ts";
import type { Scratch } from "./scratch.ts";
import { spreadOver } from "./spread.ts";

export interface LocalOptions extends MemberOptions {
  /** The name of the run's znode. */
  readonly runId: string;
  /** Which servers candidates connect to. @default "even" */
  readonly spread?: Spread;
}

export interface LocalEnsemble extends Ensemble {
  readonly members: LocalMembers;
}

/** @throws {LabError} `unavailable` when there is no Java, no server, or one does not start */
export async function startLocal(scratch: Scratch, options: LocalOptions): Promise<LocalEnsemble> {
  const { tickTimeMs, fsync, runId, network, spread = "even", jvmOptions = [], zooCfg = {} } = options;
  const { members, version } = await startMembers(scratch, options);
  const leader = spread === "even" || members.length === 1 ? undefined : await leaderOf(members);
  const placed = members.map((member) => ({ ...member, leads: member === leader }));
  const connect = connectOf(members);
  const several = members.length > 1 ? { patienceMs: STRUCK_PATIENCE_MS } : {};
  const session = await openSession({ connect, timeoutMs: several.patienceMs ?? COORDINATOR_TIMEOUT_MS });
  // Everything is below one fixed znode: the server keeps metrics for each child of the root.
  await session.create("/zk-election-lab", "", "persistent");
  const root = await session.create(`/zk-election-lab/${runId}`, "", "persistent");
  const coordinator = new CoordinatorSession(session, {
    connect,
    root,
    ...several,
    prepare: async () => undefined,
  });
  return {
    connect,
    connectFor: (candidate) => connectOf(spreadOver(placed, spread, candidate)),
    auth: [],
    root,
    members,
    monitors: new Monitors(members.map(({ address }) => address)),
    version,
    embedded: true,
    network: members.length > 1 ? network : undefined,
    tickTimeMs,
    forceSync: fsync,
    setUp: { spread, jvmOptions, zooCfg: Object.entries(zooCfg).map(([key, value]) => `${key}=${value}`) },
    ...several,
    get session() {
      return coordinator.session;
    },
    revive: () => coordinator.revive(),
    ended: endOf(members),
    async close() {
      await coordinator.close();
      // Another ensemble may follow, and should have the machine to itself.
      await Promise.all(members.map(({ process }) => process.kill()));
    },
    left: undefined,
  };
}

/** A requested end, as by a fault, does not count. */
function endOf(members: LocalMembers): Promise<string> {
  const lost = members.map(async ({ address, process }) => {
    const reason = await process.exited;
    const which = members.length === 1 ? "" : ` ${hostAndPort(address)}`;
    return `the ZooKeeper server${which} ended by itself: ${reason}`;
  });
  return Promise.race(lost);
}

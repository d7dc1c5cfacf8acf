/** An ensemble of the run's own: one real ZooKeeper server on the loopback interface, gone after the run. */
import getPort from "get-port";
import { openSession } from "../zookeeper/open-session.ts";
import { COORDINATOR_TIMEOUT_MS, CoordinatorSession } from "./coordinator-session.ts";
import { findDistribution } from "./distribution.ts";
import type { Ensemble } from "./ensemble.ts";
import { Monitors } from "./monitors.ts";
import type { Scratch } from "./scratch.ts";
import { PortTaken, type Server, startServer } from "./server.ts";

export interface EmbeddedOptions {
  readonly zookeeperHome?: string | undefined;
  readonly zookeeperVersion?: string | undefined;
  readonly tickTimeMs: number;
  readonly fsync: boolean;
  /** The name of the run's own znode. */
  readonly runId: string;
}

/** A port that is free now may be taken a moment later. */
const PORTS_TO_TRY = 3;

/** @throws {LabError} `unavailable` when there is no Java, no server, or it does not start */
export async function startEmbedded(scratch: Scratch, options: EmbeddedOptions): Promise<Ensemble> {
  const { zookeeperHome, zookeeperVersion, tickTimeMs, fsync, runId } = options;
  const distribution = await findDistribution({
    ...(zookeeperHome !== undefined && { home: zookeeperHome }),
    ...(zookeeperVersion !== undefined && { version: zookeeperVersion }),
  });
  const { address, version, pid, jvm, exited } = await onFreePort((port) =>
    startServer(scratch, { distribution, port, tickTimeMs, fsync }),
  );
  const connect = `${address.host}:${address.port}`;
  const session = await openSession({ connect, timeoutMs: COORDINATOR_TIMEOUT_MS });
  // One fixed znode at the top: the server keeps metrics for each child of the root.
  await session.create("/zk-election-lab", "", "persistent");
  const root = await session.create(`/zk-election-lab/${runId}`, "", "persistent");
  const coordinator = new CoordinatorSession(session, { connect, root, prepare: async () => undefined });
  return {
    connect,
    auth: [],
    root,
    servers: [address],
    monitors: new Monitors([address]),
    pids: [pid],
    jvms: [jvm],
    version,
    embedded: true,
    tickTimeMs,
    forceSync: fsync,
    get session() {
      return coordinator.session;
    },
    revive: () => coordinator.revive(),
    ended: exited,
    // The server itself ends with the scratch.
    close: () => coordinator.close(),
    left: undefined,
  };
}

async function onFreePort(start: (port: number) => Promise<Server>): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await getPort({ host: "127.0.0.1" }));
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === PORTS_TO_TRY) throw error;
    }
  }
}

/** The environment of a run: do not blindly compare two runs with different ones. */
import { cpus, type as osType, release, totalmem } from "node:os";
import type { Ensemble } from "../ensemble/ensemble.ts";
import type { Environment } from "../export/result.ts";
import { clientVersion } from "../installation.ts";
import { clockCostNs } from "../machine.ts";

/** @param servers the largest number in the run; by default it has one ensemble */
export function environmentOf(ensemble: Ensemble, servers = ensemble.members.length): Environment {
  const { version: serverVersion, tickTimeMs, embedded, forceSync, setUp } = ensemble;
  const processors = cpus();
  return {
    node: process.version.slice(1),
    os: `${osType()} ${release()}`,
    cpu: processors[0]?.model ?? "unknown",
    cores: processors.length,
    memoryBytes: totalmem(),
    clockCostNs: Math.round(clockCostNs()),
    client: `zookeeper ${clientVersion()}`,
    server: { version: serverVersion, servers, tickTimeMs, embedded, forceSync, ...setUp },
  };
}

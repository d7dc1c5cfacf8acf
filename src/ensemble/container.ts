/**
 * Creates znodes that the servers remove by themselves once they are empty, in case nobody is left to do it.
 */
import { Unimplemented } from "../zookeeper/errors.ts";
import type { Ensemble } from "./ensemble.ts";

/**
 * The znode stays until it is removed if the servers have no containers.
 * @returns the path that was created
 */
export async function createContainer(
  { session, version }: Pick<Ensemble, "session" | "version">,
  path: string,
): Promise<string> {
  // Such a server hangs up on an operation that it does not know, often before its answer is read.
  if (version !== null && !hasContainers(version)) return session.create(path, "", "persistent");
  try {
    return await session.create(path, "", "container");
  } catch (error) {
    if (!(error instanceof Unimplemented)) throw error;
    return session.create(path, "", "persistent");
  }
}

/** ZooKeeper has had them since 3.5.3. */
function hasContainers(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return (major * 1000 + minor) * 1000 + patch >= 3_005_003;
}

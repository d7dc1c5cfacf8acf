/** Options that all commands which run a server share. */
import { DEFAULT_VERSION } from "../ensemble/distribution.ts";
import { LabError } from "../lab-error.ts";
import type { Flag } from "./flags.ts";
import { quoted } from "./values.ts";

export const serverFlags = {
  "zookeeper-home": {
    group: "ZooKeeper:",
    describe: "folder of a ZooKeeper release to run; without it, the one that ./scripts/setup found",
  },
  "zookeeper-version": {
    group: "ZooKeeper:",
    describe: "version to run, as ./scripts/setup --zookeeper-version fetched it",
  },
} as const satisfies Record<string, Flag>;

export function zookeeperVersion(text: string | undefined): string | undefined {
  if (text === undefined || /^\d+\.\d+\.\d+/.test(text)) return text;
  throw new LabError("usage", `--zookeeper-version ${quoted(text)}: give one such as ${DEFAULT_VERSION}`);
}

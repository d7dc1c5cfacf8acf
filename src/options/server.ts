/** `yarn start:zookeeper`: one server in a terminal. */
import { type Flag, parse, type Words } from "./flags.ts";
import { serverFlags, zookeeperVersion } from "./server-flags.ts";
import { wholeNumber } from "./values.ts";

export interface ServerCommandOptions {
  readonly type: "zookeeper";
  readonly port: number;
  readonly data: string | undefined;
  readonly zookeeperHome: string | undefined;
  readonly zookeeperVersion: string | undefined;
}

/** @throws {LabError} `usage` */
export async function parseServer(args: readonly string[]): Promise<ServerCommandOptions | Words> {
  const flags = {
    port: { group: "Server:", default: "2181", describe: "client port, on 127.0.0.1" },
    data: { group: "Server:", describe: "folder that keeps the data; without it, a temporary one" },
    ...serverFlags,
  } as const satisfies Record<string, Flag>;
  const parsed = await parse("yarn start:zookeeper", "Runs one ZooKeeper server until Ctrl-C.", {
    args,
    flags,
    examples: [["yarn start:zookeeper --port 2182 --data ./data", "data that outlives the server"]],
  });
  if (parsed.type === "words") return parsed;
  const { values } = parsed;
  return {
    type: "zookeeper",
    port: wholeNumber("--port", values.port, 1, 65_535),
    data: values.data,
    zookeeperHome: values["zookeeper-home"],
    zookeeperVersion: zookeeperVersion(values["zookeeper-version"]),
  };
}

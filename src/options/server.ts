/** `yarn start:zookeeper`: servers in a terminal. */
import type { LocalServers } from "../ensemble/local-members.ts";
import { axes } from "../history/conditions.ts";
import { LabError } from "../lab-error.ts";
import { axisNumber } from "./axes.ts";
import { commands } from "./commands.ts";
import { type Flag, parse, type Words } from "./flags.ts";
import { serverFlags, serverOptions } from "./server-flags.ts";
import { wholeNumber } from "./values.ts";

export interface ServerCommandOptions {
  readonly type: "zookeeper";
  /** The first server's; those of the others follow. */
  readonly port: number;
  readonly data: string | undefined;
  readonly servers: number;
  readonly local: Pick<LocalServers, "zookeeperHome" | "zookeeperVersion" | "jvmOptions" | "zooCfg">;
}

const MAX_PORT = 65_535;

/** @throws {LabError} `usage` */
export async function parseServer(args: readonly string[]): Promise<ServerCommandOptions | Words> {
  const flags = {
    servers: {
      group: "Server:",
      default: String(axes.servers.default),
      describe: "how many: 1, or 3 or 5 that elect a leader among themselves",
    },
    port: {
      group: "Server:",
      default: "2181",
      describe: "client port, on 127.0.0.1; of several servers the first one's, and the others' follow",
    },
    data: {
      group: "Server:",
      describe:
        "folder that keeps the data, of several servers in a folder each; without it, a temporary one",
    },
    ...serverFlags,
  } as const satisfies Record<string, Flag>;
  const parsed = await parse(commands.zookeeper.line, commands.zookeeper.about, {
    args,
    flags,
    examples: [
      ["yarn start:zookeeper --port 2182 --data ./data", "data that outlives the server"],
      ["yarn start:zookeeper --servers 3", "an ensemble; kill one of them by its pid, and the others go on"],
    ],
  });
  if (parsed.type === "words") return parsed;
  const { values } = parsed;
  const servers = axisNumber("servers", values.servers);
  const port = wholeNumber("--port", values.port, 1, MAX_PORT);
  if (port + servers - 1 > MAX_PORT) {
    throw new LabError(
      "usage",
      `--port ${port}: ${servers} servers need the ports after it as well; give ${MAX_PORT - servers + 1} or less`,
    );
  }
  return { type: "zookeeper", port, data: values.data, servers, local: serverOptions(values) };
}

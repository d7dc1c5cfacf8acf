/** `yarn start:client`: one candidate in a terminal. */
import type { Scheme } from "../election/scheme.ts";
import { schemeNames, schemes } from "../election/schemes.ts";
import { parseConnectFlag } from "../ensemble/connect-flag.ts";
import { credentialsFrom, credentialsHelp } from "../ensemble/credentials.ts";
import type { Auth } from "../zookeeper/open-options.ts";
import { axisNumber } from "./axes.ts";
import { commands } from "./commands.ts";
import { type Flag, parse, type Words } from "./flags.ts";
import { isSchemeFile, loadScheme } from "./scheme-file.ts";
import { oneOf, znodePath } from "./values.ts";

export interface ClientCommandOptions {
  readonly type: "client";
  readonly connect: string;
  readonly auth: readonly Auth[];
  readonly election: string;
  readonly scheme: Scheme;
  readonly sessionTimeoutMs: number;
}

/** @throws {LabError} `usage` */
export async function parseClient(args: readonly string[]): Promise<ClientCommandOptions | Words> {
  const flags = {
    election: { group: "Candidate:", default: "/candidates", describe: "path of the election's znode" },
    scheme: {
      group: "Candidate:",
      default: "predecessor",
      describe: `what to watch while waiting: ${schemeNames.join(", ")}; or a file: ./mine.ts`,
    },
    "session-timeout": { group: "Candidate:", default: "10000", describe: "milliseconds" },
    connect: {
      group: "ZooKeeper:",
      default: "127.0.0.1:2181",
      describe: `ensemble, host:port,…[/chroot]; set your credentials in the environment: ${credentialsHelp}`,
    },
  } as const satisfies Record<string, Flag>;
  const parsed = await parse(commands.client.line, commands.client.about, {
    args,
    flags,
    examples: [
      ["yarn start:client --scheme leader", "woken whenever the leader goes"],
      ["yarn start:client --scheme heir", "the second in line leads without another read"],
    ],
  });
  if (parsed.type === "words") return parsed;
  const { values } = parsed;
  parseConnectFlag(values.connect);
  return {
    type: "client",
    connect: values.connect,
    auth: credentialsFrom(process.env),
    election: znodePath("--election", values.election),
    scheme: await chosenScheme(values.scheme),
    sessionTimeoutMs: axisNumber("sessionTimeoutMs", values["session-timeout"]),
  };
}

async function chosenScheme(word: string): Promise<Scheme> {
  return isSchemeFile(word) ? (await loadScheme(word)).scheme : schemes[oneOf("--scheme", schemeNames)(word)];
}

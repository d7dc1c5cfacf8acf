/** Options for faults that strike servers of the user's own ensemble. */
import { parseConnectFlag } from "../ensemble/connect-flag.ts";
import { LabError } from "../lab-error.ts";
import {
  type Address,
  hostAndPort,
  InvalidConnectString,
  parseConnect,
} from "../zookeeper/connect-string.ts";
import type { Flag, Values } from "./flags.ts";
import { list, quoted } from "./values.ts";

export const hookFlags = {
  "server-hook": {
    group: "ZooKeeper:",
    describe:
      "with --connect, the command that strikes your servers, as docs/server-hook.md says; called with check, kill, " +
      "start, pause or resume, and host:port",
  },
  "yes-on": {
    group: "ZooKeeper:",
    repeats: true,
    describe: "with --server-hook, the servers that may be struck, HOST[:PORT], or a list",
  },
} as const satisfies Record<string, Flag>;

/**
 * @returns the command, if it may strike all servers of the ensemble: which of them a fault strikes shows only
 *   when it does
 * @throws {LabError} `usage`
 */
export function hookOption({
  connect,
  "server-hook": hook,
  "yes-on": named,
}: Values<typeof hookFlags> & { readonly connect: string | undefined }): string | undefined {
  if (hook === undefined) {
    if (named.length === 0) return undefined;
    throw new LabError("usage", "--yes-on names servers for --server-hook; give that, or leave this out");
  }
  if (connect === undefined)
    throw new LabError("usage", "--server-hook is for servers of --connect; the lab strikes its own without");
  const { servers } = parseConnectFlag(connect);
  const permits = named.flatMap((text) => list("--yes-on", text, permitOf));
  const stray = permits.find((permit) => !servers.some((server) => permit.covers(server)));
  if (stray !== undefined)
    throw new LabError(
      "usage",
      `--yes-on ${stray.text}: it is not in --connect; leave it out, or correct it`,
    );
  const missing = servers
    .filter((server) => !permits.some((permit) => permit.covers(server)))
    .map(hostAndPort);
  if (missing.length > 0)
    throw new LabError(
      "usage",
      `--server-hook: faults may strike ${missing.join(", ")} as well; if they may, add --yes-on ${missing.join(",")}`,
    );
  return hook;
}

interface Permit {
  readonly text: string;
  covers(server: Address): boolean;
}

/** A text without a port is for all servers on the host. */
function permitOf(text: string): Permit {
  try {
    const { servers, chroot } = parseConnect(text);
    const [named] = servers;
    if (named !== undefined && chroot === "") {
      const anyPort = !/:\d+$/.test(text);
      return { text, covers: ({ host, port }) => host === named.host && (anyPort || port === named.port) };
    }
  } catch (error) {
    if (!(error instanceof InvalidConnectString)) throw error;
  }
  throw new LabError("usage", `--yes-on ${quoted(text)}: give HOST or HOST:PORT, as in --connect`);
}

/**
 * Describes for a person what an ensemble refuses, or why it is out of reach: this is not a fault of the lab.
 */
import { LabError } from "../lab-error.ts";
import {
  AuthFailed,
  BadArguments,
  NoAuth,
  NoChildrenForEphemerals,
  QuotaExceeded,
  ZooKeeperError,
} from "../zookeeper/errors.ts";
import { credentialsHelp } from "./credentials.ts";

const OTHER_CHROOT = "as in host:port/chroot";

/**
 * Errors of all requests on a person's behalf pass through here.
 * @param where what was asked, and by which flag
 * @returns a {@link LabError} for what the ensemble did, and any other error unchanged
 */
export function inWords(where: string, error: unknown): unknown {
  if (!(error instanceof ZooKeeperError)) return error;
  const { message, path } = error;
  const usage = (words: string) => new LabError("usage", words, { cause: error });
  if (error instanceof AuthFailed) return usage(`ZK_AUTH: ${message}`);
  if (error instanceof NoAuth)
    return usage(
      `${where}: the ensemble does not permit this session to use ${path}; name a chroot where you ` +
        `may, ${OTHER_CHROOT}, or set your credentials in the environment: ${credentialsHelp}`,
    );
  if (error instanceof QuotaExceeded)
    return usage(`${where}: ${message}; raise it, or name another chroot, ${OTHER_CHROOT}`);
  if (error instanceof BadArguments || error instanceof NoChildrenForEphemerals)
    return usage(`${where}: ${message}; name another chroot, ${OTHER_CHROOT}`);
  return new LabError("unavailable", `${where}: ${message}`, { cause: error });
}

/** What an ensemble refuses, or why it is out of reach, in words for a person: it is no fault of the lab. */
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
 * Whatever asks an ensemble on a person's behalf passes its errors through here.
 * @param where whom it asked, and by which flag
 * @returns a {@link LabError} for what is the ensemble's doing, and everything else as it is
 */
export function inWords(where: string, error: unknown): unknown {
  if (!(error instanceof ZooKeeperError)) return error;
  const { message, path } = error;
  const usage = (words: string) => new LabError("usage", words, { cause: error });
  if (error instanceof AuthFailed) return usage(`ZK_AUTH: ${message}`);
  if (error instanceof NoAuth)
    return usage(
      `${where}: the ensemble does not permit this session to use ${path}; name a chroot where you ` +
        `may, ${OTHER_CHROOT}, or say in the environment who you are: ${credentialsHelp}`,
    );
  if (error instanceof QuotaExceeded)
    return usage(`${where}: ${message}; raise it, or name another chroot, ${OTHER_CHROOT}`);
  if (error instanceof BadArguments || error instanceof NoChildrenForEphemerals)
    return usage(`${where}: ${message}; name another chroot, ${OTHER_CHROOT}`);
  return new LabError("unavailable", `${where}: ${message}`, { cause: error });
}

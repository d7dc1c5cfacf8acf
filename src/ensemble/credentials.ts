/**
 * A person's credentials for an ensemble, from the environment alone: every process of the machine can see a
 * command line, and each run saves it.
 */
import { LabError } from "../lab-error.ts";
import type { Auth } from "../zookeeper/open-options.ts";
import { isAuth } from "../zookeeper/open-options.ts";

/** Used in help texts and messages. */
export const credentialsHelp = "ZK_AUTH=digest:user:password";

/**
 * @returns nothing if the variable is not set
 * @throws {LabError} `usage`, without any part of the variable's value
 */
export function credentialsFrom({ ZK_AUTH: text }: NodeJS.ProcessEnv): Auth[] {
  if (text === undefined) return [];
  const { scheme, credentials } = /^(?<scheme>[^:]+):(?<credentials>.+)$/s.exec(text)?.groups ?? {};
  if (scheme === undefined || credentials === undefined || !isAuth({ scheme, credentials }))
    throw new LabError("usage", "ZK_AUTH: write it as digest:user:password, or unset it");
  return [{ scheme, credentials }];
}

/**
 * Who a person is to an ensemble: from the environment alone. A command line is seen by every process of the
 * machine, and is saved with each run.
 */
import { LabError } from "../lab-error.ts";
import type { Auth } from "../zookeeper/open-options.ts";
import { isAuth } from "../zookeeper/open-options.ts";

/** For help texts and messages. */
export const credentialsHelp = "ZK_AUTH=digest:user:password";

/**
 * @returns nothing where the variable is not set
 * @throws {LabError} `usage`, without a word of what the variable holds
 */
export function credentialsFrom({ ZK_AUTH: text }: NodeJS.ProcessEnv): Auth[] {
  if (text === undefined) return [];
  const { scheme, credentials } = /^(?<scheme>[^:]+):(?<credentials>.+)$/s.exec(text)?.groups ?? {};
  if (scheme === undefined || credentials === undefined || !isAuth({ scheme, credentials }))
    throw new LabError("usage", "ZK_AUTH: write it as digest:user:password, or unset it");
  return [{ scheme, credentials }];
}

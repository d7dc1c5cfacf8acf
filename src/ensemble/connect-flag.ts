/** `--connect`: an ensemble on the command line. */
import { LabError } from "../lab-error.ts";
import {
  type ConnectString,
  CredentialsInConnectString,
  InvalidConnectString,
  parseConnect,
} from "../zookeeper/connect-string.ts";
import { credentialsHelp } from "./credentials.ts";

/** @throws {LabError} `usage` when the text is not `host:port,…[/chroot]` */
export function parseConnectFlag(text: string): ConnectString {
  try {
    return parseConnect(text);
  } catch (error) {
    if (error instanceof CredentialsInConnectString)
      throw new LabError(
        "usage",
        `--connect: it must not contain credentials, since it is saved with the run; set ${credentialsHelp}`,
      );
    if (error instanceof InvalidConnectString)
      throw new LabError("usage", `--connect ${text}: ${error.fault}`);
    throw error;
  }
}

/**
 * The errors of a session: ZooKeeper's return codes as classes.
 * Codes and their meaning: ZooKeeper's `KeeperException` and `zookeeper.h`.
 */

export interface ZooKeeperErrorDetails {
  /** The znode that the call was about. */
  readonly path?: string | undefined;
  readonly cause?: unknown;
}

export class ZooKeeperError extends Error {
  /** The return code of the native client, or 0 for errors of our own. */
  readonly code: number;
  readonly path: string | undefined;

  constructor(code: number, message: string, details: ZooKeeperErrorDetails = {}) {
    super(details.path === undefined ? message : `${message}: ${details.path}`, { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.path = details.path;
  }
}

/** The call may or may not have been carried out: nobody knows who has not looked. */
export class OutcomeUnknown extends ZooKeeperError {}

export class ConnectionLoss extends OutcomeUnknown {}
export class SessionExpired extends OutcomeUnknown {}
export class SessionClosed extends OutcomeUnknown {}
export class NoNode extends ZooKeeperError {}
export class NodeExists extends ZooKeeperError {}
export class NotEmpty extends ZooKeeperError {}
export class BadVersion extends ZooKeeperError {}
export class NoAuth extends ZooKeeperError {}
/** The ensemble serves nobody without credentials (`enforce.auth.enabled`). */
export class AuthRequired extends NoAuth {}
/** Also for the scheme `auth` in a session without credentials. */
export class InvalidAcl extends ZooKeeperError {}
export class NoChildrenForEphemerals extends ZooKeeperError {}
export class BadArguments extends ZooKeeperError {}
export class Unimplemented extends ZooKeeperError {}
export class AuthFailed extends ZooKeeperError {}
/** Never sent: the session is over or was never open. */
export class InvalidState extends ZooKeeperError {}
/** No session within the deadline. */
export class ConnectTimeout extends ZooKeeperError {}

type ErrorClass = new (code: number, message: string, details?: ZooKeeperErrorDetails) => ZooKeeperError;

const classes: Readonly<Record<number, readonly [ErrorClass, string]>> = {
  // ZRUNTIMEINCONSISTENCY: after a loss that the client overlooked, an answer did not belong to the oldest call.
  [-2]: [ConnectionLoss, "the connection was lost, the outcome is unknown"],
  [-4]: [ConnectionLoss, "the connection was lost, the outcome is unknown"],
  [-6]: [Unimplemented, "the server does not know this operation"],
  [-7]: [ConnectionLoss, "the operation timed out, the outcome is unknown"],
  [-8]: [BadArguments, "the arguments are not valid"],
  [-9]: [InvalidState, "the session is not open"],
  [-101]: [NoNode, "no such znode"],
  [-102]: [NoAuth, "not permitted by the ACL"],
  [-103]: [BadVersion, "the version does not match"],
  [-108]: [NoChildrenForEphemerals, "an ephemeral znode cannot have children"],
  [-110]: [NodeExists, "the znode exists already"],
  [-111]: [NotEmpty, "the znode has children"],
  [-112]: [SessionExpired, "the session has expired, the outcome is unknown"],
  [-114]: [InvalidAcl, "the ACL is not valid, or names `auth` in a session without credentials"],
  [-115]: [AuthFailed, "the authentication failed"],
  [-116]: [SessionClosed, "the session was closed, the outcome is unknown"],
  [-124]: [AuthRequired, "the ensemble serves nobody without credentials"],
  [-118]: [ConnectionLoss, "the session moved to another server, the outcome is unknown"],
};

export const NO_NODE = -101;
export const EXPIRED = -112;
export const AUTH_FAILED = -115;

/** The typed error for a return code of the native client. */
export function errorOf(code: number, details: ZooKeeperErrorDetails): ZooKeeperError {
  const [ErrorOfCode, message] = classes[code] ?? [ZooKeeperError, `ZooKeeper answered with code ${code}`];
  return new ErrorOfCode(code, message, details);
}

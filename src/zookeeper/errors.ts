/**
 * The errors of a session: ZooKeeper's return codes as classes, and what a caller can do about each. Sources
 * for codes and their meaning: ZooKeeper's `KeeperException.Code` (3.9) and `zookeeper.h` (3.8).
 */

export interface ZooKeeperErrorDetails {
  /** The znode that the call was about. */
  readonly path?: string | undefined;
  readonly cause?: unknown;
}

export class ZooKeeperError extends Error {
  /** The return code of the native client, or 0 for this library's own errors. */
  readonly code: number;
  readonly path: string | undefined;

  constructor(code: number, message: string, details: ZooKeeperErrorDetails = {}) {
    super(details.path === undefined ? message : `${message}: ${details.path}`, { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.path = details.path;
  }
}

/** The call may or may not have been carried out: only another look can tell. */
export class OutcomeUnknown extends ZooKeeperError {}

export class ConnectionLoss extends OutcomeUnknown {}
export class SessionExpired extends OutcomeUnknown {}
export class SessionClosed extends OutcomeUnknown {}

/** The call was not carried out, and the same call can succeed later, in the same session. */
export class TryAgain extends ZooKeeperError {}
/** The server is overloaded, and dropped the call (`RequestThrottler`). */
export class Throttled extends TryAgain {}

export class NoNode extends ZooKeeperError {}
export class NodeExists extends ZooKeeperError {}
export class NotEmpty extends ZooKeeperError {}
export class BadVersion extends ZooKeeperError {}
export class NoAuth extends ZooKeeperError {}
/** The ensemble serves nobody without credentials (`enforce.auth.enabled`). */
export class AuthRequired extends NoAuth {}
/** This also covers the scheme `auth` in a session without credentials. */
export class InvalidAcl extends ZooKeeperError {}
export class NoChildrenForEphemerals extends ZooKeeperError {}
export class QuotaExceeded extends ZooKeeperError {}
export class BadArguments extends ZooKeeperError {}
/** The call was never sent: servers would hang up on a request of this size. */
export class RequestTooLarge extends BadArguments {}
export class Unimplemented extends ZooKeeperError {}
export class AuthFailed extends ZooKeeperError {}
/** The call was never sent: the session is over or was never open. */
export class InvalidState extends ZooKeeperError {}
/** There was no session within the deadline. */
export class ConnectTimeout extends ZooKeeperError {}

type Class<E extends ZooKeeperError> = new (
  code: number,
  message: string,
  details?: ZooKeeperErrorDetails,
) => E;

/** The code's name in `KeeperException.Code`, or with a Z in `zookeeper.h`, its class here, and its message. */
type Rows<E extends ZooKeeperError> = Readonly<Record<number, readonly [string, Class<E>, string]>>;

const LOST = "the connection was lost, the outcome is unknown";

/** These were not carried out: the same call can succeed later. */
const tryAgain: Rows<TryAgain> = {
  [-13]: ["NEWCONFIGNOQUORUM", TryAgain, "too few servers of the new configuration are connected; try again"],
  [-14]: ["RECONFIGINPROGRESS", TryAgain, "another reconfiguration is under way; try again"],
  [-119]: ["NOTREADONLY", TryAgain, "the server is read-only, since it has no quorum; try again"],
  [-127]: ["THROTTLEDOP", Throttled, "the server is overloaded and did not carry it out; try again"],
};

/** These may have been carried out: find out before repeating them. */
const outcomeUnknown: Rows<OutcomeUnknown> = {
  // The client reports this when the system gives it no socket.
  [-1]: [
    "SYSTEMERROR",
    ConnectionLoss,
    "no connection could be made (too many open files?), the outcome is unknown",
  ],
  // After a loss that the client overlooked, an answer did not belong to the oldest call.
  [-2]: ["RUNTIMEINCONSISTENCY", ConnectionLoss, LOST],
  [-3]: [
    "DATAINCONSISTENCY",
    OutcomeUnknown,
    "the server found its data inconsistent, the outcome is unknown",
  ],
  [-4]: ["CONNECTIONLOSS", ConnectionLoss, LOST],
  [-7]: ["OPERATIONTIMEOUT", ConnectionLoss, "the operation timed out, the outcome is unknown"],
  [-15]: [
    "ZSSLCONNECTIONERROR",
    ConnectionLoss,
    "the connection could not be secured, the outcome is unknown",
  ],
  [-112]: ["SESSIONEXPIRED", SessionExpired, "the session has expired, the outcome is unknown"],
  [-116]: ["ZCLOSING", SessionClosed, "the session was closed, the outcome is unknown"],
  [-118]: ["SESSIONMOVED", ConnectionLoss, "the session moved to another server, the outcome is unknown"],
  [-122]: ["REQUESTTIMEOUT", ConnectionLoss, "the request was not answered in time, the outcome is unknown"],
};

/** These were not carried out, and repeating them never succeeds. */
const final: Rows<ZooKeeperError> = {
  // The client reports this before it sends; or a server, which could not read the request and did nothing.
  [-5]: ["MARSHALLINGERROR", ZooKeeperError, "the request could not be written or read"],
  [-6]: ["UNIMPLEMENTED", Unimplemented, "the server does not know this operation"],
  [-8]: ["BADARGUMENTS", BadArguments, "the arguments are not valid"],
  [-9]: ["ZINVALIDSTATE", InvalidState, "the session is not open"],
  [-12]: ["UNKNOWNSESSION", ZooKeeperError, "the server does not know the session"],
  [-101]: ["NONODE", NoNode, "no such znode"],
  [-102]: ["NOAUTH", NoAuth, "not permitted by the ACL"],
  [-103]: ["BADVERSION", BadVersion, "the version does not match"],
  [-108]: ["NOCHILDRENFOREPHEMERALS", NoChildrenForEphemerals, "an ephemeral znode cannot have children"],
  [-110]: ["NODEEXISTS", NodeExists, "the znode already exists"],
  [-111]: ["NOTEMPTY", NotEmpty, "the znode has children"],
  [-113]: ["INVALIDCALLBACK", BadArguments, "the callback is not valid"],
  [-114]: [
    "INVALIDACL",
    InvalidAcl,
    "the ACL is not valid, or names `auth` in a session without credentials",
  ],
  [-115]: ["AUTHFAILED", AuthFailed, "the authentication failed"],
  // Used only inside the client.
  [-117]: ["ZNOTHING", ZooKeeperError, "there was no answer to process"],
  [-120]: [
    "EPHEMERALONLOCALSESSION",
    ZooKeeperError,
    "a local session cannot create an ephemeral znode; set localSessionsUpgradingEnabled=true on the servers",
  ],
  [-121]: ["NOWATCHER", ZooKeeperError, "there is no such watch"],
  [-123]: ["RECONFIGDISABLED", ZooKeeperError, "the ensemble does not permit its reconfiguration"],
  [-124]: ["SESSIONCLOSEDREQUIRESASLAUTH", AuthRequired, "the ensemble serves nobody without credentials"],
  [-125]: ["QUOTAEXCEEDED", QuotaExceeded, "the quota of a znode above is used up"],
};

/** All codes that a call can end with, grouped by what became of the call. */
export const returnCodes = { tryAgain, outcomeUnknown, final };

const all: Rows<ZooKeeperError> = { ...tryAgain, ...outcomeUnknown, ...final };

export const NO_NODE = -101;
export const EXPIRED = -112;
export const AUTH_FAILED = -115;

/** The typed error for a return code of the native client. */
export function errorOf(code: number, details: ZooKeeperErrorDetails): ZooKeeperError {
  const [, ErrorOfCode, message] = all[code] ?? ["", ZooKeeperError, `ZooKeeper answered with code ${code}`];
  return new ErrorOfCode(code, message, details);
}

/** The package: an election for a service that needs a leader, its sessions, and the parts of schemes. */

export type { SuspendedPolicy } from "./election/candidacy-context.ts";
export { CampaignEnded } from "./election/connection.ts";
export { type Contender, SequenceExhausted } from "./election/contenders.ts";
export type { ElectionDiagnostics } from "./election/diagnostics.ts";
export { Election } from "./election/election.ts";
export type { ElectionEvents, ElectionState } from "./election/election-events.ts";
export type { ElectionOptions, ResignOptions } from "./election/election-options.ts";
export { type Fence, Fenced, type FencedContent, fence, readFenced } from "./election/fence.ts";
export { ForeignContenders } from "./election/foreign-contenders.ts";
export type { Health } from "./election/health.ts";
export { type Job, JobOutOfStep, type LeadOptions } from "./election/lead.ts";
export { type ObserveOptions, observe, type Standing } from "./election/observer.ts";
export type { Runtime } from "./election/runtime.ts";
export type { CountRange, Death, Deaths, Decision, LookCause, Scheme, View } from "./election/scheme.ts";
export { type SchemeName, schemeNames, schemes } from "./election/schemes.ts";
export { type EndReason, type Term, TermEnded } from "./election/term.ts";
export type { FaultScript, HeldPacket, StrikeActs, StrikeFacts, StrikeScene } from "./faults/script.ts";
export { CredentialsInConnectString, InvalidConnectString } from "./zookeeper/connect-string.ts";
export type { Contact, Contacts } from "./zookeeper/contacts.ts";
export {
  AuthFailed,
  AuthRequired,
  BadArguments,
  BadVersion,
  ConnectionLoss,
  ConnectTimeout,
  InvalidAcl,
  InvalidState,
  NoAuth,
  NoChildrenForEphemerals,
  NodeExists,
  NoNode,
  NotEmpty,
  OutcomeUnknown,
  QuotaExceeded,
  RequestTooLarge,
  SessionClosed,
  SessionExpired,
  Throttled,
  TryAgain,
  Unimplemented,
  ZooKeeperError,
} from "./zookeeper/errors.ts";
export type { NativeSession, SessionIdentity } from "./zookeeper/native-session.ts";
export type { Auth, OpenOptions } from "./zookeeper/open-options.ts";
export { openSession } from "./zookeeper/open-session.ts";
export {
  type Acl,
  type CreateMode,
  type Session,
  type SessionEvents,
  type SessionState,
  type Stat,
  Watch,
  type WatchEvent,
} from "./zookeeper/session.ts";

/**
 * The link between a follower and the ensemble's leader: two queues, each in order, as on their one TCP
 * connection. Source: ZooKeeper's Learner, LearnerHandler, Follower.
 */
import type { Connection, Taken } from "./connection.ts";
import { requestText } from "./digest.ts";
import type { Request } from "./message.ts";
import type { Network } from "./network.ts";

export type FromFollower =
  /** A write or a sync of one of its clients, which waits for the answer in {@link Connection.taken}. */
  | { readonly type: "request"; readonly request: Request; readonly taken: Taken; readonly by: Connection }
  | { readonly type: "open"; readonly timeoutMs: number; readonly taken: Taken; readonly by: Connection }
  /** Asks whether a session that has come back still lives. */
  | { readonly type: "revalidate"; readonly session: string }
  /** The reply to a ping: the sessions heard since the last one. */
  | { readonly type: "touched"; readonly sessions: readonly string[] };

export type FromLeader =
  | { readonly type: "ping" }
  | { readonly type: "commit"; readonly zxid: number }
  /** Comes after the commits of everything decided before. */
  | { readonly type: "synced"; readonly taken: Taken; readonly by: Connection }
  | { readonly type: "revalidated"; readonly session: string; readonly valid: boolean };

export class Link {
  readonly toLeader: FromFollower[] = [];
  readonly toFollower: FromLeader[] = [];
  /** `apart`: the follower joins the leader as soon as it can; `severed`: not before the link is restored. */
  state: "joined" | "apart" | "severed" = "joined";
  /** The network as seen from the follower: messages of a `mute` one wait, as do messages to a `deaf` one. */
  network: Network = "open";

  /** The link is lost, with everything in flight. */
  lose(state: "apart" | "severed"): void {
    this.toLeader.length = 0;
    this.toFollower.length = 0;
    this.state = state;
  }

  /** Whether the follower takes part in decisions. */
  get carries(): boolean {
    return this.state === "joined" && this.network === "open";
  }

  get text(): string {
    const up = this.toLeader.map(fromFollowerText).join(";");
    const down = this.toFollower.map(fromLeaderText).join(";");
    return `${this.state} ${this.network} ${up} ${down}`;
  }
}

function fromFollowerText(message: FromFollower): string {
  switch (message.type) {
    case "request":
      return `${message.by.sessionId} ${message.by.ordinal} ${requestText(message.request)}`;
    case "open":
      return `open ${message.by.sessionId}`;
    case "revalidate":
      return `revalidate ${message.session}`;
    case "touched":
      return `touched ${[...message.sessions].sort().join()}`;
    default:
      return message satisfies never;
  }
}

function fromLeaderText(message: FromLeader): string {
  switch (message.type) {
    case "ping":
      return "ping";
    case "commit":
      return `commit ${message.zxid}`;
    case "synced":
      return `synced ${message.by.sessionId} ${message.by.ordinal}`;
    case "revalidated":
      return `revalidated ${message.session} ${message.valid}`;
    default:
      return message satisfies never;
  }
}

/**
 * A connection between a session and a replica: two queues, each in order, and what the replica keeps for it.
 *
 * Its two ends close separately. While the client's is closed, the replica may still take what was sent before;
 * while the replica's is closed, the client may still receive what was sent before.
 */
import type { Message, Request } from "./message.ts";
import type { Replica } from "./replica.ts";

export type ConnectionEnd = "open" | "closed";

/** A request that the replica has taken: it answers once it has applied all that the answer must show. */
export interface Taken {
  readonly request: Request | { readonly operation: "connect" };
  /** The transaction that must be applied first: {@link UNDECIDED} until the leader has decided. */
  at: number;
  code: number;
  value: unknown;
}

export const UNDECIDED = Number.POSITIVE_INFINITY;

export class Connection {
  /** Its number among its session's requests. */
  readonly ordinal: number;
  readonly sessionId: string;
  readonly replica: Replica;
  readonly toServer: Request[] = [];
  readonly toClient: Message[] = [];
  readonly taken: Taken[] = [];
  readonly dataWatches = new Set<string>();
  readonly childWatches = new Set<string>();
  clientEnd: ConnectionEnd = "open";
  serverEnd: ConnectionEnd = "open";

  constructor(ordinal: number, sessionId: string, replica: Replica) {
    this.ordinal = ordinal;
    this.sessionId = sessionId;
    this.replica = replica;
  }

  /** Sends a message to the client, if it still listens. */
  say(message: Message): void {
    if (this.clientEnd === "open") this.toClient.push(message);
  }

  /** The client hears nothing more; of the requests that it has sent, the first `kept` still arrive. */
  closeClientEnd(kept: number): void {
    if (this.clientEnd === "closed") return;
    this.clientEnd = "closed";
    this.toClient.length = 0;
    if (this.toServer.length > kept) this.toServer.length = kept;
  }

  /** Like {@link closeClientEnd}, but the client still has to notice. */
  reset(kept: number): void {
    this.closeClientEnd(kept);
    this.toClient.push({ type: "hangup" });
  }

  /** The replica refuses the connection: its session is over. */
  refuse(): void {
    this.serverEnd = "closed";
    this.taken.length = 0;
    this.replica.connections.delete(this);
    this.say({ type: "expired" });
  }

  /** The replica forgets the connection, and what it had not taken is lost. The client has yet to learn it. */
  closeServerEnd(): void {
    if (this.serverEnd === "closed") return;
    this.serverEnd = "closed";
    this.toServer.length = 0;
    this.taken.length = 0;
    this.dataWatches.clear();
    this.childWatches.clear();
    this.replica.connections.delete(this);
    this.say({ type: "hangup" });
  }
}

/**
 * Publishes what elections do on `node:diagnostics_channel`, for metrics and traces of the whole process that
 * do not touch the election itself. A channel without subscribers costs one check.
 */
import { channel } from "node:diagnostics_channel";
import type { EventEmitter } from "node:events";
import type { Session } from "../zookeeper/session.ts";
import type { ElectionEvents } from "./election-events.ts";
import type { EndReason } from "./term.ts";

/** The messages, by channel name; each has the election's path. Times are in milliseconds. */
export interface ElectionDiagnostics {
  /** Its contender was created; the token is the one that its term will have. */
  "zk-election-lab:joined": { readonly path: string; readonly contender: string; readonly token: number };
  "zk-election-lab:claimed": { readonly path: string; readonly token: number };
  "zk-election-lab:ended": {
    readonly path: string;
    readonly token: number;
    readonly reason: EndReason;
    /** The length of the term. */
    readonly ledMs: number;
  };
  /** A heartbeat was answered, after this time. */
  "zk-election-lab:beat": { readonly path: string; readonly tookMs: number };
  /** The connection is lost. */
  "zk-election-lab:lost": { readonly path: string };
  /** Another session has replaced one that had expired. */
  "zk-election-lab:rejoined": { readonly path: string; readonly session: string };
}

const channels = {
  joined: channel("zk-election-lab:joined"),
  claimed: channel("zk-election-lab:claimed"),
  ended: channel("zk-election-lab:ended"),
  beat: channel("zk-election-lab:beat"),
  lost: channel("zk-election-lab:lost"),
  rejoined: channel("zk-election-lab:rejoined"),
};

type Name = keyof typeof channels;

/** @param session returns the current one */
export function publishEvents(
  election: EventEmitter<ElectionEvents>,
  path: string,
  session: () => Session,
): void {
  let claimedAt = 0;
  election.on("created", ({ name }, token) => publish("joined", () => ({ path, contender: name, token })));
  election.on("claimed", ({ token }) => {
    claimedAt = performance.now();
    publish("claimed", () => ({ path, token }));
  });
  election.on("ended", ({ token }, reason) => {
    publish("ended", () => ({ path, token, reason, ledMs: performance.now() - claimedAt }));
  });
  election.on("beat", (asked) => {
    const { last } = session().contacts;
    if (asked === "sync" && last !== undefined)
      publish("beat", () => ({ path, tookMs: last.answeredAt - last.sentAt }));
  });
  election.on("lost", () => publish("lost", () => ({ path })));
  election.on("rejoined", ({ id }) => publish("rejoined", () => ({ path, session: id })));
}

function publish<N extends Name>(name: N, message: () => ElectionDiagnostics[`zk-election-lab:${N}`]): void {
  if (channels[name].hasSubscribers) channels[name].publish(message());
}

/**
 * The start of every test of a session's contract: a session, another one to which nothing happens, and a fresh
 * znode, on the model and on a real server. If the two differ, the model is wrong.
 */
import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { type Session, type SessionState, Watch, type WatchEvent } from "../../zookeeper/session.ts";
import { startModelSide } from "./model-side.ts";
import { startNativeSide } from "./native-side.ts";
import type { Peer, Side } from "./side.ts";

const sides = {
  model: () => startModelSide(),
  "model of three replicas": () => startModelSide(3),
  "real server": startNativeSide,
};

/** A session timeout that is short enough to wait for, in milliseconds. */
export const SHORT = 900;

// The side of the current test.
export let side: Side;
export let peer: Peer;
export let session: Session;
/** Nothing happens to this session's connection. */
export let other: Session;
/** A znode without children. */
export let top: string;

export function onEachSide(tests: () => void): void {
  describe.each(Object.keys(sides) as (keyof typeof sides)[])("%s", (name) => {
    let count = 0;

    beforeAll(async () => {
      side = await sides[name]();
      other = await side.openDirectly(30_000);
    });

    afterAll(() => side[Symbol.asyncDispose]());

    beforeEach(async () => {
      peer = await side.open();
      ({ session } = peer);
      top = await session.create(`/contract-${++count}`, "", "persistent");
    });

    tests();
  });
}

export function untilState({ session }: Peer, state: SessionState): Promise<void> {
  return side.until(() => session.state === state);
}

/** A watch that records its events. */
export function watching(): { watch: Watch; events: WatchEvent[] } {
  const events: WatchEvent[] = [];
  return { watch: new Watch((event) => events.push(event)), events };
}

export function statesOf(session: Session): SessionState[] {
  const states: SessionState[] = [];
  session.on("state", (state) => states.push(state));
  return states;
}

/** The promise's rejection. It must be rejected. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`resolved with ${value}`);
    },
    (error: unknown) => error,
  );
}

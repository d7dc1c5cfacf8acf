/** The contract of a session on a real server, with a relay for each session. */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { startLocal } from "../../ensemble/local.ts";
import { Scratch } from "../../ensemble/scratch.ts";
import { TcpRelay } from "../../network/tcp-relay.ts";
import type { Address } from "../../zookeeper/connect-string.ts";
import { endSession } from "../../zookeeper/end-session.ts";
import type { NativeSession } from "../../zookeeper/native-session.ts";
import { openSession } from "../../zookeeper/open-session.ts";
import type { Packet, Peer, Side } from "./side.ts";

const PATIENCE_MS = 10_000;

export async function startNativeSide(): Promise<Side> {
  const scratch = await Scratch.create();
  const ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "contract" });
  const [{ address: server }] = ensemble.members;
  const open: OpenPeer[] = [];
  const direct: NativeSession[] = [];
  return {
    now: () => performance.now(),
    async open(timeoutMs = 12_000) {
      const opened = await openPeer(server, timeoutMs);
      open.push(opened);
      return opened.peer;
    },
    async openDirectly(timeoutMs = 12_000) {
      const session = await openSession({ connect: ensemble.connect, timeoutMs });
      direct.push(session);
      return session;
    },
    pass: (ms) => delay(ms),
    async until(reached) {
      const deadline = performance.now() + PATIENCE_MS;
      while (!reached()) {
        if (performance.now() > deadline) throw new Error(`not within ${PATIENCE_MS} ms`);
        await delay(2);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const session of direct) await session.close();
      for (const { close } of open) await close();
      await ensemble.close();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

interface OpenPeer {
  readonly peer: Peer;
  close(): Promise<void>;
}

/** Uses two relays, so that a connection can hang while the next one works. */
async function openPeer(server: Address, timeoutMs: number): Promise<OpenPeer> {
  const relays = [await TcpRelay.start({ target: server }), await TcpRelay.start({ target: server })];
  const connect = relays.map((relay) => relay.connect).join();
  const session: NativeSession = await openSession({ connect, timeoutMs });
  const peer: Peer = {
    session,
    drop() {
      for (const relay of relays) relay.dropConnections();
    },
    async loseNext(what: "request" | "answer", packet: Packet) {
      const direction = what === "request" ? "to-server" : "to-client";
      await Promise.race(relays.map((relay) => relay.dropAt(direction, packet)));
    },
    stick() {
      const used = relays.find(({ connections }) => connections > 0);
      used?.pause("to-server");
      return { release: () => used?.resume("to-server") };
    },
    cut() {
      for (const relay of relays) relay.cut();
    },
    heal() {
      for (const relay of relays) relay.heal();
    },
    async endFromOutside() {
      // The session is cut off meanwhile, or it would take itself back.
      for (const relay of relays) relay.cut();
      await endSession(server, session.identity);
      for (const relay of relays) relay.heal();
    },
  };
  return {
    peer,
    async close() {
      // The relays stop first: while the session says goodbye, this thread carries nothing, not even the
      // relays' data.
      const stopped = relays.map((relay) => relay[Symbol.asyncDispose]());
      if (session.state === "connected") await once(session, "state");
      await session.close();
      await Promise.all(stopped);
    },
  };
}

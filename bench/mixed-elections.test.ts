/**
 * Other implementations on the path of an election of ours: ours stands beside none of them, and says so. Only
 * those are tried that have been fetched; scenarios/foreign.test.ts has their names.
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Election } from "../src/election/election.ts";
import { ForeignContenders } from "../src/election/foreign-contenders.ts";
import { type LocalEnsemble, startLocal } from "../src/ensemble/local.ts";
import { Scratch } from "../src/ensemble/scratch.ts";
import { root } from "../src/installation.ts";
import { implementation, type PeerName, peerNames } from "../src/options/peers.ts";
import { PROTOCOL, type Saying } from "../src/processes/candidate-protocol.ts";
import { Program } from "../src/processes/program.ts";
import { openSession } from "../src/zookeeper/open-session.ts";

interface Manners {
  /** As our refusal names it. */
  readonly family: string;
  /** What it does on a path where one of ours leads, until the next one of ours finds out. */
  readonly besideOurs: "leads" | "waits" | "fails";
}

const peers: Record<PeerName, Manners> = {
  "curator-leader-latch": { family: "Curator's LeaderLatch", besideOurs: "leads" },
  "curator-leader-selector": { family: "Curator", besideOurs: "leads" },
  "zookeeper-leader-election-support": {
    family: "ZooKeeper's LeaderElectionSupport",
    besideOurs: "fails",
  },
  "kazoo-election": { family: "kazoo", besideOurs: "leads" },
  "go-lock": { family: "go-zookeeper", besideOurs: "waits" },
};

function isFetched(name: PeerName): boolean {
  return !("reason" in implementation(name, root));
}

let folder: string;
let scratch: Scratch;
let ensemble: LocalEnsemble;
let elections = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "mixed-test" });
});

afterAll(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A candidate of that implementation that has been told to join. */
class Peer implements AsyncDisposable {
  readonly said: Saying[] = [];
  readonly #program: Program;

  constructor(name: PeerName, election: string) {
    const found = implementation(name, root);
    if ("reason" in found || !("command" in found.planned.source)) throw new Error(`${name} is not there`);
    this.#program = new Program(
      { type: "command", command: found.planned.source.command },
      join(folder, `${name}.stderr`),
      {
        started: () => undefined,
        says: (saying) => void this.said.push(saying),
        exited: () => undefined,
        rubbish: () => undefined,
        gone: () => undefined,
      },
    );
    this.#program.say({
      type: "join",
      protocol: PROTOCOL,
      ...{
        connect: ensemble.connect,
        election,
        sessionTimeoutMs: 4000,
        candidate: 0,
        tickTimeMs: 200,
        auth: [],
      },
    });
  }

  get leads(): boolean {
    return this.said.some(({ type }) => type === "leading");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#program.say({ type: "leave" });
    await expect.poll(() => this.#program.isGone, { timeout: 20_000 }).toBe(true);
  }
}

async function newElection(): Promise<string> {
  return ensemble.session.create(`${ensemble.root}/mixed-${++elections}`, "", "persistent");
}

async function ours(path: string) {
  const session = await openSession({ connect: ensemble.connect, timeoutMs: 4000 });
  return { election: new Election(session, { path }), [Symbol.asyncDispose]: () => session.close() };
}

describe.each(peerNames)("%s", (name) => {
  const tried = test.skipIf(!isFetched(name));

  tried("leads: ours is refused, and told whose contender stands there", async () => {
    const path = await newElection();
    await using peer = new Peer(name, path);
    await expect.poll(() => peer.leads, { timeout: 20_000 }).toBe(true);
    await using own = await ours(path);
    const refusal = await own.election.campaign().catch((error) => error);
    expect(refusal).toBeInstanceOf(ForeignContenders);
    expect(refusal.message).toContain(`is a contender of ${peers[name].family}`);
  });

  tried(
    `comes when one of ours leads: it ${peers[name].besideOurs}, until the next one of ours is refused`,
    async () => {
      const path = await newElection();
      await using leader = await ours(path);
      await leader.election.campaign();
      await using peer = new Peer(name, path);
      const standing = async () => (await ensemble.session.children(path))?.length ?? 0;
      await expect.poll(standing, { timeout: 20_000, interval: 1 }).toBe(2);
      switch (peers[name].besideOurs) {
        case "leads":
          await expect.poll(() => peer.leads, { timeout: 20_000 }).toBe(true);
          break;
        case "waits":
          await expect(vi.waitUntil(() => peer.leads, { timeout: 1000 })).rejects.toThrow();
          break;
        case "fails":
          // It cannot read our names, revokes its offer, and begins anew, in vain.
          await expect.poll(standing, { timeout: 20_000, interval: 1 }).toBe(1);
          expect(peer.leads).toBe(false);
          return;
        default:
          peers[name].besideOurs satisfies never;
      }
      await using next = await ours(path);
      await expect(next.election.campaign()).rejects.toThrow(ForeignContenders);
    },
  );
});

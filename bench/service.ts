/**
 * Runs the service of docs/using-the-election.md, word for word, in several processes on three servers, while
 * processes are killed, stopped and told to end, connections are cut, and servers die, all in an order drawn
 * from a seed. A leader must work, and an instance that is told to end must end: exit 1 if one did not. Run
 * with `yarn bench:service --for 10m`.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { type LocalMembers, startMembers } from "../src/ensemble/local-members.ts";
import type { LocalMember } from "../src/ensemble/member.ts";
import { Scratch } from "../src/ensemble/scratch.ts";
import { root } from "../src/installation.ts";
import { exitCodes } from "../src/lab-error.ts";
import { TcpRelay } from "../src/network/tcp-relay.ts";
import { parseService, type ServiceOptions } from "../src/options/bench-service.ts";
import { print, warn } from "../src/output.ts";
import { makeProgram } from "../src/testing/program.ts";
import { interruption, runBench } from "./run-bench.ts";
import { type Conduct, ServiceInstance } from "./service-instance.ts";

const INSTANCES = 4;
const TICK_MS = 500;
const SESSION_TIMEOUT_MS = 4000;
/** How long a running leader may do nothing, and how long a service may take to end. */
const IDLE_WITHIN_MS = SESSION_TIMEOUT_MS + 2000;
const END_WITHIN_MS = 5000;

interface Slot {
  readonly relays: readonly TcpRelay[];
  readonly program: string;
  instance: ServiceInstance;
  state: "free" | "struck";
}

/** The example, with its servers, its times and its imports replaced. */
async function programOf(folder: string, name: string, relays: readonly TcpRelay[]): Promise<string> {
  const page = await readFile(join(root, "docs", "using-the-election.md"), "utf8");
  const [, example = ""] = /^```ts\n(.*?)^```$/ms.exec(page) ?? [];
  const code = [
    ["zk1:2181,zk2:2181,zk3:2181", relays.map(({ connect }) => connect).join(",")],
    ["timeoutMs: 10_000", `timeoutMs: ${SESSION_TIMEOUT_MS}`],
    ["rejoin: true", `rejoin: true, tickTimeMs: ${TICK_MS}`],
    ["delay(1000", "delay(100"],
    ['"zk-election-lab"', '"../bench/watched-library.ts"'],
  ].reduce((text, [from = "", to = ""]) => {
    if (!text.includes(from)) throw new Error(`the service of the docs has no ${from} any more`);
    return text.replace(from, to);
  }, example);
  return makeProgram(join(folder, `${name}.mjs`), code);
}

class Storm {
  readonly #members: LocalMembers;
  readonly #slots: readonly Slot[];
  readonly #conduct: Conduct;
  readonly #below: (limit: number) => number;
  /** Servers that are currently struck. */
  #away = new Set<LocalMember>();
  readonly counts = new Map<string, number>();

  constructor(
    members: LocalMembers,
    slots: readonly Slot[],
    conduct: Conduct,
    below: (limit: number) => number,
  ) {
    this.#members = members;
    this.#slots = slots;
    this.#conduct = conduct;
    this.#below = below;
  }

  /**
   * @returns when the strike is over, including healing; `undefined` if everything that it could strike is
   * struck
   */
  strike(): Promise<void> | undefined {
    const slot = this.#slots.filter(({ state }) => state === "free")[this.#below(INSTANCES)];
    const servers = this.#members.filter((server) => !this.#away.has(server));
    const server = servers[this.#below(3)];
    const lastsMs = this.#below(2 * SESSION_TIMEOUT_MS);
    const kinds = [
      "kill",
      "terminate",
      "stop",
      "cut",
      "mute",
      "deaf",
      "reset",
      "server-kill",
      "server-stop",
      "outage",
    ] as const;
    const kind = kinds[this.#below(kinds.length)] ?? "reset";
    switch (kind) {
      case "kill":
      case "terminate":
      case "stop":
      case "cut":
      case "mute":
      case "deaf":
      case "reset":
        return slot && this.#count(kind, this.#strikeSlot(slot, kind, lastsMs));
      case "server-kill":
      case "server-stop":
        return server && this.#count(kind, this.#strikeServers([server], kind, lastsMs));
      case "outage":
        return servers.length < 3
          ? undefined
          : this.#count(kind, this.#strikeServers(servers, "server-kill", lastsMs));
      default:
        return kind satisfies never;
    }
  }

  #count(kind: string, over: Promise<void>): Promise<void> {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    return over;
  }

  async #strikeSlot(
    slot: Slot,
    kind: "kill" | "terminate" | "stop" | "cut" | "mute" | "deaf" | "reset",
    lastsMs: number,
  ): Promise<void> {
    slot.state = "struck";
    const { instance, relays } = slot;
    switch (kind) {
      case "kill":
        await instance.kill();
        await delay(lastsMs);
        break;
      case "terminate":
        await instance.terminate(END_WITHIN_MS);
        break;
      case "stop":
        instance.stop();
        await delay(lastsMs);
        instance.continue();
        break;
      case "cut":
        for (const relay of relays) relay.cut();
        await delay(lastsMs);
        for (const relay of relays) relay.heal();
        break;
      case "mute":
      case "deaf":
        for (const relay of relays) relay.pause(kind === "mute" ? "to-server" : "to-client");
        await delay(lastsMs);
        for (const relay of relays) relay.heal();
        break;
      case "reset":
        for (const relay of relays) relay.dropConnections();
        break;
      default:
        kind satisfies never;
    }
    if (!slot.instance.runs) slot.instance = new ServiceInstance(instance.name, slot.program, this.#conduct);
    slot.state = "free";
  }

  async #strikeServers(
    servers: readonly LocalMember[],
    kind: "server-kill" | "server-stop",
    lastsMs: number,
  ): Promise<void> {
    for (const server of servers) this.#away.add(server);
    if (kind === "server-kill") {
      await Promise.all(servers.map(({ process }) => process.kill()));
      await delay(lastsMs);
      await Promise.all(servers.map(({ process }) => process.restart()));
    } else {
      for (const { process } of servers) process.pause();
      await delay(lastsMs);
      for (const { process } of servers) process.resume();
    }
    for (const server of servers) this.#away.delete(server);
  }
}

async function run({ seed, forMs }: ServiceOptions): Promise<number> {
  const signal = interruption();
  const random = xoroshiro128plus(seed);
  const below = (limit: number) => uniformInt(random, 0, limit - 1);
  const conduct: Conduct = {
    writes: 0,
    terms: 0,
    longestIdleMs: 0,
    shutdownsMs: [],
    workedAt: performance.now(),
    longestGapMs: 0,
    faults: [],
  };
  const scratch = await Scratch.create();
  const slots: Slot[] = [];
  try {
    const { members } = await startMembers(scratch, { servers: 3, tickTimeMs: TICK_MS, fsync: false });
    for (let index = 1; index <= INSTANCES; index++) {
      const relays = await Promise.all(
        members.map(({ address: target }) => TcpRelay.start({ target, carries: "bytes" })),
      );
      const program = await programOf(scratch.folder, `service-${index}`, relays);
      const instance = new ServiceInstance(`service ${index}`, program, conduct);
      slots.push({ relays, program, instance, state: "free" });
    }
    await delay(3000);
    conduct.workedAt = performance.now();
    const storm = new Storm(members, slots, conduct, below);
    const strikes = new Set<Promise<void>>();
    const until = performance.now() + forMs;
    while (performance.now() < until && !signal.aborted && conduct.faults.length === 0) {
      const strike = storm.strike();
      if (strike !== undefined) strikes.add(strike.finally(() => strikes.delete(strike)));
      // An instance that could not open a session has ended, and is started again as by a supervisor.
      for (const slot of slots)
        if (slot.state === "free" && !slot.instance.runs)
          slot.instance = new ServiceInstance(slot.instance.name, slot.program, conduct);
      await delay(500 + below(1500));
    }
    await Promise.all(strikes);
    await Promise.all(slots.map(({ instance }) => instance.runs && instance.terminate(END_WITHIN_MS)));
    print([...storm.counts].map(([kind, count]) => `${kind} ${count}`).join(", "));
  } finally {
    for (const { instance, relays } of slots) {
      if (instance.runs) await instance.kill();
      for (const relay of relays) await relay[Symbol.asyncDispose]();
    }
    await scratch[Symbol.asyncDispose]();
  }
  const { longestIdleMs, shutdownsMs, writes, terms, longestGapMs, faults } = conduct;
  print(
    `${writes} writes in ${terms} terms; the longest time without a write was ${longestGapMs.toFixed(0)} ms`,
  );
  print(`the longest time that a leader did nothing: ${longestIdleMs.toFixed(0)} ms of ${IDLE_WITHIN_MS}`);
  print(
    `${shutdownsMs.length} shutdowns, the longest ${Math.max(0, ...shutdownsMs).toFixed(0)} ms of ${END_WITHIN_MS}`,
  );
  if (longestIdleMs > IDLE_WITHIN_MS) faults.push("a leader did nothing for too long");
  for (const fault of faults) warn(fault);
  if (faults.length > 0) return exitCodes.falseVerdict;
  return signal.aborted ? exitCodes.interrupted : exitCodes.fine;
}

await runBench(parseService, run);

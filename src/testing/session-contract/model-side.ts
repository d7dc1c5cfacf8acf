/** The contract of a session on the model, which runs by itself as fast as it can; only its time waits. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Connection } from "../../simulation/connection.ts";
import { World as NewWorld, type World, type WorldEvent } from "../../simulation/world.ts";
import type { Packet, Peer, Side } from "./side.ts";

/** The next such request or answer of a session will be lost. */
interface Loss {
  readonly session: number;
  readonly what: "request" | "answer";
  readonly packet: Packet;
  readonly struck: () => void;
}

export async function startModelSide(replicas = 1): Promise<Side> {
  const world: World = new NewWorld({ replicas, tickTimeMs: 200 });
  const losses = new Set<Loss>();
  const stuck = new Set<Connection>();
  let state: "running" | "over" = "running";
  const over = run();
  return {
    now: () => world.now,
    open: (timeoutMs = 4000) => openPeer(timeoutMs),
    openDirectly: async (timeoutMs = 4000) => (await openPeer(timeoutMs)).session,
    async pass(ms) {
      const end = world.now + ms;
      await quiet();
      while (world.nextDueAt <= end) {
        world.perform({ type: "advance" });
        await quiet();
      }
      world.faults.leap(end - world.now);
    },
    async until(reached) {
      for (;;) {
        await quiet();
        if (reached()) return;
        if (!world.perform({ type: "advance" })) throw new Error("nothing may happen any more");
      }
    },
    async [Symbol.asyncDispose]() {
      state = "over";
      await over;
    },
  };

  async function openPeer(timeoutMs: number): Promise<Peer> {
    const client = world.newClient();
    const session = await client.open({ timeoutMs });
    return {
      session,
      drop() {
        world.faults.drop(session);
        process.nextTick(() => world.perform({ type: "fail", session: session.index }));
      },
      loseNext: (what, packet) =>
        new Promise((struck) => {
          losses.add({ session: session.index, what, packet, struck });
        }),
      stick() {
        const { connection } = session;
        if (connection !== undefined) stuck.add(connection);
        return { release: () => stuck.clear() };
      },
      cut: () => world.faults.cut(client),
      heal: () => world.faults.heal(client),
      async endFromOutside() {
        world.faults.endSession(session);
      },
    };
  }

  async function run(): Promise<void> {
    while (state === "running") {
      step();
      await nextTurn();
    }
  }

  function step(): void {
    const event = world.enabled().find(isFree);
    if (event === undefined) return;
    if (!lose(event)) world.perform(event);
    // A lost connection fails its calls before any later turn of the loop.
    process.nextTick(() => {
      const [next] = world.enabled();
      if (next?.type === "fail") world.perform(next);
    });
  }

  /** Time passes only when a test says so. */
  function isFree(event: WorldEvent): boolean {
    if (event.type === "advance") return world.nextDueAt <= world.now;
    const connection = event.type === "take" ? connectionOf(event) : undefined;
    return connection === undefined || !stuck.has(connection);
  }

  async function quiet(): Promise<void> {
    await nextTurn();
    while (world.enabled().some(isFree)) await nextTurn();
    await nextTurn();
  }

  function lose(event: WorldEvent): boolean {
    if (event.type !== "take" && event.type !== "deliver") return false;
    const session = world.sessions[event.session];
    if (session === undefined) return false;
    const [what, packet] =
      event.type === "take"
        ? (["request", connectionOf(event)?.toServer[0]?.operation] as const)
        : (["answer", answerOf(session.connection)] as const);
    for (const loss of losses) {
      if (loss.session !== event.session || loss.what !== what || loss.packet !== packet) continue;
      losses.delete(loss);
      world.faults.drop(session);
      loss.struck();
      return true;
    }
    return false;
  }

  function connectionOf({ session, connection }: WorldEvent & { type: "take" }): Connection | undefined {
    return world.sessions[session]?.connections.find(({ ordinal }) => ordinal === connection);
  }

  function answerOf(connection: Connection | undefined): string | undefined {
    const message = connection?.toClient[0];
    return message?.type === "reply" ? message.call.operation : message?.type;
  }
}

/**
 * The faults of a world: in connections, networks, processes and servers. Each strikes at once, between two
 * events; its consequences are events again.
 */
import type { ModelClient } from "./model-client.ts";
import type { ModelSession } from "./model-session.ts";
import type { Network } from "./network.ts";
import type { Replica } from "./replica.ts";
import type { World } from "./world.ts";

export class Faults {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * Resets a session's connection. Messages from its replica that it has not received are lost; of the requests
   * in flight the first `kept` still arrive, at any time until the session is connected there again. The client
   * notices at once if it runs, even if it is cut off: the reset happens close to it.
   */
  drop(session: ModelSession, kept = 0): void {
    const { client, connection } = session;
    if (connection === undefined) return;
    if (client.runs && session.state !== "closed") session.lose(kept);
    else connection.reset(kept);
    this.#world.settleConnections(session);
  }

  /**
   * Nothing flows in the direction that is cut, and nobody is told. Sent messages wait in their queue, as with
   * TCP, and arrive after healing if the connection still lives.
   */
  setNetwork(client: ModelClient, network: Network): void {
    client.network = network;
    this.#world.settleAll();
  }

  cut(client: ModelClient): void {
    this.setNetwork(client, "cut");
  }

  heal(client: ModelClient): void {
    this.setNetwork(client, "open");
  }

  /** The process stands still: it receives nothing, sends no pings, and its timers become late. */
  freeze(client: ModelClient): void {
    client.state = "frozen";
  }

  thaw(client: ModelClient): void {
    if (client.state === "frozen") client.state = "running";
  }

  /** The process is killed; of its requests in flight the first `kept` still arrive. */
  kill(client: ModelClient, kept = 0): void {
    client.die(kept);
  }

  /** The process is cut off from whoever keeps its wills: they say nothing about whether it lives. */
  losePipe({ wills }: ModelClient): void {
    wills?.lose();
  }

  /** The server stands still, with all its connections open. A leader that does so gives up no session. */
  pause(replica: Replica): void {
    if (replica.state !== "up") return;
    if (replica === this.#world.ensemble.leader) this.#world.ensemble.standsStill();
    replica.state = "paused";
  }

  resume(replica: Replica): void {
    if (replica.state !== "paused") return;
    replica.state = "up";
    if (replica === this.#world.ensemble.leader) this.#world.ensemble.pings.goesOn();
  }

  /**
   * The server dies, and with it what it has heard and not told the leader. If it led, or no quorum is left,
   * all connections end; with a quorum the next one leads at once, and every session gets a full timeout.
   */
  crash(replica: Replica): void {
    if (replica.state === "down") return;
    const { ensemble } = this.#world;
    replica.state = "down";
    replica.part("apart");
    const up = ensemble.replicas.filter(({ state }) => state !== "down").length;
    if (ensemble.leader === replica || up * 2 <= ensemble.replicas.length) ensemble.elect();
    this.#world.settleAll();
  }

  /** It comes back, and looks for the leader. If that makes a quorum again, one is elected. */
  restart(replica: Replica): void {
    if (replica.state !== "down") return;
    const { ensemble } = this.#world;
    replica.state = "up";
    if (ensemble.leader === undefined) ensemble.elect();
    this.#world.settleAll();
  }

  /** Another replica leads, as after a vote: all connections end, and every session gets a full timeout. */
  elect(replica: Replica): void {
    if (replica.state !== "up" || this.#world.ensemble.leader === undefined) return;
    this.#world.ensemble.elect(replica);
    this.#world.settleAll();
  }

  /** Messages between a follower and the leader wait if the link is cut, and arrive after healing. */
  setLink({ link }: Replica, network: Network): void {
    link.network = network;
  }

  /**
   * The link is lost, with everything in flight: the follower hangs up, and joins again, at once or once it is
   * healed.
   */
  loseLink(replica: Replica, state: "apart" | "severed"): void {
    if (replica === this.#world.ensemble.leader || replica.link.state !== "joined") return;
    replica.part(state);
    this.#world.settleAll();
  }

  healLink({ link }: Replica): void {
    link.network = "open";
    if (link.state === "severed") link.state = "apart";
  }

  /** All data are lost: the ensemble starts afresh, without any session, and its numbers start at 0 again. */
  loseData(): void {
    this.#world.ensemble.loseData();
    this.#world.settleAll();
  }

  /**
   * Somebody else ends the session, as if the ensemble had given it up; not while the ensemble cannot decide.
   */
  endSession(session: ModelSession): void {
    if (this.#world.ensemble.available) this.#world.ensemble.close(session.id);
    this.#world.settleAll();
  }

  /** Time passes while nobody runs, as when a machine stands still. Everything that was due then is late. */
  leap(ms: number): void {
    const { ensemble } = this.#world;
    if (ensemble.leader?.state === "up") ensemble.standsStill();
    this.#world.now += ms;
    if (ensemble.leader?.state === "up") ensemble.pings.goesOn();
  }
}

/**
 * A ground of the live page as a real ensemble would be one: with three servers that can be struck, a number of
 * candidates that is fixed, and victims that come back by themselves. What it tells of candidates comes from
 * the model, what it tells of servers is made up here.
 */
import { COORDINATOR, type ServingServer } from "../history/event.ts";
import type { Audience, Ground, Happening, Powers, ServerNow, Setting, Strike } from "../live/ground.ts";
import { PlayGround } from "../live/play-ground.ts";

const MS = 1e6;

export const powersWithServers: Powers = {
  schemes: ["predecessor", "leader"],
  candidates: 9,
  acts: ["kill", "resign", "kill-server", "restart-server", "pause-server"],
  sessionTimeoutMs: 6000,
};

export class GroundWithServers implements Ground {
  readonly powers = powersWithServers;
  readonly #audience: Audience;
  readonly #model: PlayGround;
  readonly #lastAt = [0, 0];
  /** The server of each candidate: the same on both sides. */
  readonly #serverOf = new Map<number, number>();
  #leader = 1;
  #failovers = 0;

  constructor(audience: Audience) {
    this.#audience = audience;
    this.#model = new PlayGround((side, happening) => this.#hear(side, happening));
  }

  async begin(setting: Setting): Promise<void> {
    this.#tellServers(0);
    await this.#model.begin(setting);
  }

  async strike(strike: Strike): Promise<void> {
    if ("server" in strike) return this.#strikeServer(strike.act, strike.server);
    await this.#model.strike(strike);
    await this.#model.strike({ act: "join" });
  }

  #hear(side: number, happening: Happening): void {
    this.#lastAt[side] = happening.at;
    if (happening.type !== "connected") {
      this.#audience(side, happening);
      return;
    }
    const { candidate } = happening;
    if (!this.#serverOf.has(candidate)) this.#serverOf.set(candidate, (candidate % 3) + 1);
    this.#audience(side, { ...happening, server: this.#nameOf(candidate) });
  }

  #nameOf(candidate: number): ServingServer {
    return String(this.#serverOf.get(candidate)) as ServingServer;
  }

  /** Its clients go to the next server; it is back when all have done so. */
  #strikeServer(act: "kill-server" | "restart-server" | "pause-server", server: number): void {
    this.#failovers++;
    const failover = this.#failovers;
    this.#tell(() => ({ type: "struck", candidate: COORDINATOR, act, server }));
    const next = (server % 3) + 1;
    if (this.#leader === server) this.#leader = next;
    this.#tellServers(server);
    const moved = [...this.#serverOf].filter(([, one]) => one === server).map(([candidate]) => candidate);
    for (const candidate of moved) this.#tell(() => ({ type: "suspended", candidate }));
    for (const candidate of moved) {
      this.#serverOf.set(candidate, next);
      this.#tell(() => ({
        type: "connected",
        candidate,
        sessionHigh: 0,
        sessionLow: 0,
        server: this.#nameOf(candidate),
      }));
    }
    this.#tellServers(0);
    this.#tell(() => ({ type: "settled", candidate: COORDINATOR, failover }));
  }

  #tellServers(away: number): void {
    const servers = [1, 2, 3].map((server): ServerNow => {
      if (server === away) return { server, role: "away" };
      return { server, role: server === this.#leader ? "leads" : "follows" };
    });
    this.#tell(() => ({ type: "servers", candidate: COORDINATOR, servers }));
  }

  /** Each thing takes a millisecond. */
  #tell(happeningOf: () => DistributiveOmit<Happening, "at">): void {
    for (const side of [0, 1]) {
      const at = (this.#lastAt[side] ?? 0) + MS;
      this.#lastAt[side] = at;
      this.#audience(side, { at, ...happeningOf() } as Happening);
    }
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

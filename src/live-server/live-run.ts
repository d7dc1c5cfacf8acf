/** A run whose strikes come from a page: what the page shows of it, and how it ends. */
import { readFile } from "node:fs/promises";
import type { Strike as Struck } from "../history/strike.ts";
import type { Powers } from "../live/ground.ts";
import { livePage } from "../live/page.ts";
import type { Hit } from "../live/retelling.ts";
import type { LiveOptions } from "../options/live.ts";
import { bundle } from "../package-root.ts";
import { embeddedData } from "../report/embed.ts";
import type { RunProgress } from "../run/progress.ts";
import { Desk } from "./desk.ts";
import { Hub } from "./hub.ts";
import { LiveServer } from "./server.ts";
import { serversNow } from "./servers-now.ts";
import { actsOn } from "./strike-fault.ts";

export class LiveRun {
  readonly #hub: Hub;
  readonly #desk: Desk;
  readonly #server: LiveServer;
  /** Ends the run early; until all stand in line that is the only way. */
  readonly #abort = new AbortController();
  #state: "opening" | "open" = "opening";
  /** Settles when all stand in line; never, if that fails. */
  readonly opened: Promise<void>;

  private constructor(hub: Hub, desk: Desk, server: LiveServer) {
    this.#hub = hub;
    this.#desk = desk;
    this.#server = server;
    this.opened = desk.quiet().then(() => {
      this.#state = "open";
    });
  }

  /** @throws {LabError} `usage` when the port is taken */
  static async open({
    schemes,
    candidates,
    host,
    sessionTimeoutMs,
    ...options
  }: LiveOptions): Promise<LiveRun> {
    const { strikable, elections, port } = options;
    const powers: Powers = { schemes, candidates, acts: actsOn(host, strikable), sessionTimeoutMs };
    const hub = new Hub(schemes.length, (strike) => hitOf(desk, strike));
    const desk: Desk = new Desk(elections, host, () => hub.publish());
    const page = livePage({
      ...{ script: await readFile(bundle("live.js"), "utf8"), powers, asks: "its-server" },
      data: embeddedData("powers", powers),
      kicker: "ZooKeeper leader election, on a real ensemble",
      ground:
        "Real elections on a real ZooKeeper: each candidate has its own session and " +
        `${host === "thread" ? "thread" : "process"}. A strike is measured while nothing is sent to this page; ` +
        "then what happened is shown, slowed down, with its true times. Whoever was struck joins again by itself, at the " +
        "end of the line. The run is saved as any other, with a report.",
    });
    const server = await LiveServer.open({ ...{ port, page, powers, hub, desk }, servers: strikable });
    return new LiveRun(hub, desk, server);
  }

  /** The page's address, with its token. */
  get url(): string {
    return this.#server.url;
  }

  /** The run is to end now. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  watch(progress: RunProgress): void {
    switch (progress.type) {
      case "told":
        this.#hub.hear(progress.plan.trial - 1, progress.told);
        return;
      case "servers":
        this.#hub.see(serversNow(progress.roles));
        return;
      case "trial-ended": {
        const { scheme, state, reason = state } = progress.result;
        if (state !== "completed") this.#hub.end(`The run ends, as the election ${scheme} has: ${reason}.`);
        // An election without the others is none to compare.
        this.#desk.close();
        return;
      }
    }
  }

  /** No more strikes. */
  end(): void {
    if (this.#state === "opening") this.#abort.abort();
    this.#desk.close();
  }

  async close(words: string): Promise<void> {
    this.#hub.end(words);
    await this.#server.close();
  }
}

function hitOf({ strikes }: Desk, { failover }: Struck): Hit {
  const strike = strikes[failover - 1];
  if (strike !== undefined && "server" in strike) return strike;
  if (strike !== undefined && "place" in strike) return { act: strike.act };
  throw new Error(`nobody has asked for the strike ${failover}`);
}

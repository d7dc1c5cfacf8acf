/** The faults that carry out what somebody does on the live page to a real ensemble. */
import { serversByHand } from "../faults/by-hand.ts";
import type { Fault, StrikeContext } from "../faults/fault.ts";
import { faults } from "../faults/faults.ts";
import { withWill } from "../faults/outcome.ts";
import type { Host } from "../history/host.ts";
import {
  type Act,
  type Blow,
  blows,
  isServerBlow,
  type ServerBlow,
  type Strike,
  serverBlows,
} from "../live/ground.ts";

/** Cut off until its session has expired, and not much longer: somebody waits for it. */
const cutOff =
  faults.partition.tuning?.assume({ for: { timeouts: 1, ticks: 1, ms: 500 } }) ?? faults.partition;

const inThread: Partial<Record<Blow, Fault>> = {
  resign: faults.resign,
  close: faults.close,
  freeze: faults.freeze,
  cut: cutOff,
};
const inProcess: Partial<Record<Blow, Fault>> = { ...inThread, kill: faults.kill, freeze: faults.pause };

function faultsOf(host: Host): Partial<Record<Blow, Fault>> {
  return host === "thread" ? inThread : inProcess;
}

/** What can be done to candidates that live there. Servers can be struck where others go on without one. */
export function actsOn(host: Host, servers: number): Act[] {
  const offered = faultsOf(host);
  return [...blows.filter((blow) => offered[blow] !== undefined), ...(servers > 1 ? serverBlows : [])];
}

/** A strike that {@link actsOn} does not offer has none. */
export function faultFor(strike: Strike, host: Host): Fault | undefined {
  if ("server" in strike) return onServer(strike.act, strike.server);
  if (!("place" in strike)) return undefined;
  const fault = faultsOf(host)[strike.act];
  if (fault === undefined) return undefined;
  return atPlace(host === "process-with-will" ? withWill(fault) : fault, strike.place);
}

/** What somebody did, or would have to do, for a fault of this name to strike; `undefined` if nothing does. */
export function actOf(fault: string): Blow | ServerBlow | undefined {
  if (isServerBlow(fault)) return fault;
  const name = fault.split(":")[0];
  return blows.find((blow) => inThread[blow]?.name === name || inProcess[blow]?.name === name);
}

/** The fault strikes whoever stands there; if that is not the leader, nobody new may lead. */
function atPlace(fault: Fault, place: number): Fault {
  if (place === 0) return fault;
  return { ...fault, positions: () => [place], leader: "same" };
}

/** How long a server is away that is killed, in session timeouts. */
const AWAY = 0.5;

const strikes: Record<ServerBlow, (place: number, context: StrikeContext) => Promise<void>> = {
  async "kill-server"(place, { servers, pass, timing }) {
    await servers.kill(serverAt(place, servers));
    await pass(AWAY * timing.sessionTimeoutMs);
    await servers.mend();
  },
  async "restart-server"(place, { servers }) {
    await servers.kill(serverAt(place, servers));
    await servers.mend();
  },
  async "pause-server"(place, { servers, pass, timing }) {
    const server = serverAt(place, servers);
    await servers.pause(server);
    await pass(AWAY * timing.sessionTimeoutMs);
    await servers.resume(server);
  },
};

function serverAt(place: number, { all }: StrikeContext["servers"]) {
  const server = all[place - 1];
  if (server === undefined) throw new Error(`there is no server ${place}`);
  return server;
}

/**
 * All elections have the same servers: the first of them to be struck strikes the server, the others are there
 * and see what becomes of them.
 */
function onServer(act: ServerBlow, place: number): Fault {
  let struck: Promise<void> | undefined;
  return {
    ...serversByHand[act],

    async strike([leader], context) {
      context.record(leader);
      struck ??= strikes[act](place, context);
      await struck;
      context.healed();
    },
  };
}

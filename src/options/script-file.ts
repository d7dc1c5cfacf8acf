/** Loads a user's own fault, as `--fault script:./strike.ts` names it. */
import { resolve } from "node:path";
import { inspect } from "node:util";
import type { Fault, Need, StrikeContext } from "../faults/fault.ts";
import { faultNames } from "../faults/faults.ts";
import { onNetwork, outlastsSession } from "../faults/on-network.ts";
import { type FaultScript, heldPackets, ScriptFailed, type StrikeActs } from "../faults/script.ts";
import { unseatsNobody } from "../faults/unseats-nobody.ts";
import { LabError } from "../lab-error.ts";
import { messageOf } from "../thrown.ts";
import { bundled } from "./own-file.ts";
import { describeScript, type ScriptShape, strikeByScript } from "./script-thread.ts";
import { quoted } from "./values.ts";

const HELP = "see docs/write-a-fault.md";
const PREFIX = "script:";
const STRIKES_WITHIN_MS = 30_000;
/** A timer may fire early by less. */
const A_LITTLE_MS = 5;

/** Faults in files, by the words that name them. */
export type Scripts = ReadonlyMap<string, Fault>;

const loaded = new Set<string>();

/** All files that this process has loaded as faults. */
export function scriptFiles(): string[] {
  return [...loaded];
}

/**
 * Loads the files that a list of faults names.
 * @throws {LabError} `usage`, with what is wrong in a file; `unavailable`, when esbuild is not installed
 */
export async function loadScripts(list: string | undefined): Promise<Scripts> {
  const scripts = new Map<string, Fault>();
  const namedBy = new Map<string, string>();
  for (const word of (list ?? "").split(",").map((part) => part.trim())) {
    if (!word.startsWith(PREFIX)) continue;
    const file = word.slice(PREFIX.length);
    const fault = await loadScript(file);
    const other = namedBy.get(fault.name) ?? file;
    if (resolve(other) !== resolve(file)) {
      const both = `${quoted(PREFIX + other)} and ${quoted(PREFIX + file)}`;
      throw new LabError("usage", `--fault: ${both} both call themselves ${fault.name}; rename one`);
    }
    namedBy.set(fault.name, file);
    scripts.set(word, fault);
    loaded.add(file);
  }
  return scripts;
}

async function loadScript(file: string): Promise<Fault> {
  const title = `--fault ${quoted(PREFIX + file)}`;
  const refuse = (what: string, cause?: unknown) => new LabError("usage", `${title}: ${what}`, { cause });
  const banner = "const require = process.getBuiltinModule;";
  const code = await bundled(file, { title, name: "fault", banner });
  const url = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
  const shape = await describeScript(url).catch((error) => {
    throw refuse(messageOf(error), error);
  });
  if (shape === undefined) throw refuse(`it has no export named fault; ${HELP}`);
  const problem = problemOf(shape);
  if (problem !== undefined) throw refuse(`${problem}; ${HELP}`);
  return faultOf(url, shape as Omit<FaultScript, "strike">);
}

/** The reason why this is not a fault. */
function problemOf({ name, leader, servers, relays, withinMs, strike }: ScriptShape): string | undefined {
  if (typeof name !== "string" || !/^[\w-]+$/.test(name))
    return "fault.name must be a word of letters, digits and dashes";
  if ((faultNames as readonly string[]).includes(name) || name === "script")
    return `fault.name ${name} is taken; choose another one`;
  if (leader !== "next" && leader !== "same") return 'fault.leader must be "next" or "same"';
  if (servers !== undefined && !(Number.isInteger(servers) && Number(servers) >= 0 && Number(servers) <= 5))
    return "fault.servers must be a whole number from 0 to 5";
  const known = relays === undefined || (Array.isArray(relays) && relays.every(isPlace));
  if (Array.isArray(relays) && relays.includes("servers") && !(Number(servers) >= 3))
    return 'fault.relays names "servers", so fault.servers must be 3 or more';
  if (!known) return 'fault.relays must be a list of "candidates" and "servers"';
  if (withinMs !== undefined && !isTime(withinMs)) return "fault.withinMs must be a number of milliseconds";
  return strike === "function" ? undefined : "fault.strike must be a function";
}

function isPlace(value: unknown): boolean {
  return value === "candidates" || value === "servers";
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 600_000;
}

/** Whether its session expires or is ended, and when, only the script knows. */
const unseats = { ...outlastsSession, fallsSilent: "perhaps" } as const satisfies Partial<Fault>;

function faultOf(url: string, script: Omit<FaultScript, "strike">): Fault {
  const { name, leader, servers = 0, relays = [], withinMs = STRIKES_WITHIN_MS } = script;
  const because = `the fault ${name} says that it needs as many`;
  const striking: readonly Need[] = servers > 0 ? [{ what: "servers", fewest: servers, because }] : [];
  const between = relays.map(
    (where): Need => (where === "servers" ? { what: "network", between: "servers" } : { what: "network" }),
  );
  return {
    ...onNetwork,
    ...(leader === "next" ? unseats : unseatsNobody),
    name,
    summary: "a fault of yours",
    needs: [...striking, ...between],
    struck: ([victim]) => `${name} strikes, while candidate ${victim} leads.`,

    async strike([victim], context) {
      const { failover, candidates, timing, pass } = context;
      const all = servers > 0 ? context.servers.all.map((_, index) => index + 1) : [];
      const facts = { failover, leader: victim, candidates, servers: all, ...timing };
      const { acts, hasStruck, end } = actsOn(victim, servers > 0, context);
      let deadline = Number.POSITIVE_INFINITY;
      const limit = () => {
        deadline = performance.now() + withinMs;
        return pass(withinMs);
      };
      try {
        const isOver = await strikeByScript(url, facts, acts, limit);
        // The trial may also be told to end.
        if (!isOver && performance.now() > deadline - A_LITTLE_MS)
          throw new Error(`it has not returned after ${withinMs} ms`);
        if (isOver && !hasStruck())
          throw new Error(
            "it has struck nobody and nothing; call an act that does harm, such as cut or expire",
          );
      } catch (error) {
        throw new ScriptFailed(`fault ${name}: strike() fails: ${messageOf(error)}`, { cause: error });
      } finally {
        await end();
      }
    },
  };
}

/** What a script may do, and how all of it ends. */
function actsOn(
  victim: number,
  strikesServers: boolean,
  context: StrikeContext,
): { acts: StrikeActs; hasStruck: () => boolean; end: () => Promise<void> } {
  const { candidates, pass } = context;
  let struck = false;
  /** The first act begins the strike. */
  const begin = () => {
    if (!struck) context.record(victim);
    struck = true;
  };
  /** A rule that has been asked for may not be in force yet when the script is ended. */
  const rules: Promise<{ end(): Promise<unknown> }>[] = [];
  const add = async (rule: (typeof rules)[number]) => {
    rules.push(rule);
    await rule;
  };
  const servers = () => {
    if (strikesServers) return context.servers;
    throw new Error("a fault without fault.servers leaves servers alone; say how many it needs");
  };
  const server = (number: number) => {
    const { all } = servers();
    const found = Number.isInteger(number) ? all[number - 1] : undefined;
    if (found === undefined)
      throw new Error(`there is no server ${inspect(number)}; give a number from 1 to ${all.length}`);
    return found;
  };
  const numberOf = (one: ReturnType<typeof server>) => servers().all.indexOf(one) + 1;
  const candidate = (number: number) => {
    if (Number.isInteger(number) && number >= 0 && number < candidates) return number;
    throw new Error(`there is no candidate ${inspect(number)}; give a number from 0 to ${candidates - 1}`);
  };
  const time = (ms: number) => {
    if (isTime(ms)) return ms;
    throw new Error(`${inspect(ms)} is no time; give milliseconds, at most 600000`);
  };
  const lasting = (ms: number | undefined) => (ms === undefined ? {} : { forMs: time(ms) });
  const acts: StrikeActs = {
    pass: async (ms) => pass(time(ms)),
    leadingServer: async () => numberOf(await servers().leading()),
    async serverOf(one) {
      servers();
      return numberOf(await context.serverOf(candidate(one)));
    },
    async move(one, to) {
      const [moved, found] = [candidate(one), server(to)];
      if (struck) throw new Error("the strike has begun; call move before the first act that does harm");
      await context.moveTo(moved, found);
    },
    async pause(one) {
      const found = server(one);
      begin();
      await servers().pause(found);
    },
    resume: async (one) => servers().resume(server(one)),
    async kill(one) {
      const found = server(one);
      begin();
      await servers().kill(found);
    },
    mend: async () => servers().mend(),
    async isolate(one) {
      const found = server(one);
      begin();
      await servers().isolate(found);
    },
    async separate(one, other) {
      const [found, from] = [server(one), server(other)];
      if (found === from) throw new Error(`separate needs two different servers, not ${one} and ${other}`);
      begin();
      await servers().separate(found, from);
    },
    async freeze(one, ms) {
      const blow = { type: "freeze", failover: null, ms: time(ms) } as const;
      const stands = candidate(one);
      begin();
      context.strike(stands, blow);
    },
    async expire(one) {
      const found = candidate(one);
      begin();
      await context.expire(found);
    },
    async cut(one, ms) {
      const [found, options] = [candidate(one), lasting(ms)];
      begin();
      await add(context.network.cut([found], options));
    },
    async hold(one, packet, ms) {
      const [link, options] = [`candidate-${candidate(one)}`, lasting(ms)] as const;
      if (!heldPackets.includes(packet))
        throw new Error(`no packet is called ${inspect(packet)}; choose from ${heldPackets.join(", ")}`);
      begin();
      const rule = { type: "on-frame", kind: packet, act: "stall" } as const;
      await add(context.network.apply([{ link }], rule, { direction: "to-server", ...options }));
    },
  };
  const end = async () => {
    await Promise.all(rules.map((rule) => rule.then((one) => one.end()).catch(() => undefined)));
    if (strikesServers) await context.servers.mend();
    if (struck) context.healed();
  };
  return { acts, hasStruck: () => struck, end };
}

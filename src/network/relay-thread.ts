/**
 * The thread of a run's relays. It begins and ends rules on its own time, so that a fault does not depend on
 * how busy the coordinator is, and says when it did.
 */
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../thrown.ts";
import type { RelaySpec, Report, Request, ThreadData } from "./protocol.ts";
import { ActiveRule } from "./rule.ts";
import { TcpRelay } from "./tcp-relay.ts";

/** A rule from when it was asked for until it has ended. */
interface Term {
  readonly active: ActiveRule;
  readonly relays: readonly TcpRelay[];
  timer: NodeJS.Timeout | undefined;
}

const port = parentPort;
if (port === null) throw new Error("this is a thread's program");
const { origin } = workerData as ThreadData;
const relays = new Map<number, TcpRelay>();
const terms = new Map<number, Term>();

const now = () => Number(process.hrtime.bigint() - origin);
const report = (report: Report) => port.postMessage(report);

port.on("message", (request: Request) => {
  obey(request).catch((error) => report({ type: "failed", id: request.id, message: messageOf(error) }));
});

async function obey(request: Request): Promise<void> {
  const { id } = request;
  switch (request.type) {
    case "open": {
      const opened = await Promise.all(request.relays.map(open));
      report({ type: "opened", id, addresses: opened.map(({ address }) => address) });
      return;
    }
    case "close": {
      const at = now();
      await Promise.all(
        request.relays.map(async (number) => {
          await relays.get(number)?.[Symbol.asyncDispose]();
          relays.delete(number);
        }),
      );
      report({ type: "done", id, at });
      return;
    }
    case "begin":
      return plan(request);
    case "end":
      end(request.rule);
      report({ type: "done", id, at: now() });
      return;
    case "end-all":
      for (const rule of [...terms.keys()]) end(rule);
      report({ type: "done", id, at: now() });
      return;
    case "reset": {
      const at = now();
      for (const relay of some(request.relays)) relay.dropConnections();
      report({ type: "done", id, at });
      return;
    }
    default:
      request satisfies never;
  }
}

async function open({ relay: number, always, greetsWith, ...options }: RelaySpec): Promise<TcpRelay> {
  const relay = await TcpRelay.start({
    ...options,
    ...(greetsWith !== undefined && { greetsWith: () => relays.get(greetsWith)?.connect ?? "" }),
  });
  for (const rule of always) relay.add(new ActiveRule(rule, "both"));
  relays.set(number, relay);
  return relay;
}

function plan({ rule, relays, what, direction, afterMs, forMs }: Request & { readonly type: "begin" }): void {
  const last = () => {
    if (forMs !== Number.POSITIVE_INFINITY) term.timer = setTimeout(() => end(rule), forMs);
  };
  const active = new ActiveRule(what, direction, () => {
    report({ type: "reached", rule, at: now() });
    last();
  });
  const term: Term = { active, relays: some(relays), timer: undefined };
  terms.set(rule, term);
  const begin = () => {
    const at = now();
    for (const relay of term.relays) relay.add(active);
    report({ type: "began", rule, at });
    if (what.type !== "on-frame") last();
  };
  if (afterMs === 0) begin();
  else term.timer = setTimeout(begin, afterMs);
}

function end(rule: number): void {
  const term = terms.get(rule);
  if (term === undefined) return;
  terms.delete(rule);
  clearTimeout(term.timer);
  const at = now();
  for (const relay of term.relays) relay.remove(term.active);
  report({ type: "ended", rule, at });
}

function some(numbers: readonly number[]): TcpRelay[] {
  return numbers.flatMap((number) => relays.get(number) ?? []);
}

/**
 * A bare session: a client of the addon itself, without one of our sessions around it. In a separate thread it
 * does one half of a round, see floor.ts: it deletes, or it watches, is woken and lists.
 */
import { isMainThread, type MessagePort, parentPort, workerData } from "node:worker_threads";
import { type NativeClient, nativeClient } from "../src/zookeeper/binding.ts";

const EPHEMERAL_SEQUENTIAL = 3;

export function openBare(connect: string, scratch?: string): Promise<NativeClient> {
  const Client = nativeClient(scratch);
  const client = new Client();
  return new Promise((resolve) => {
    client.emit = (event) => event === "connect" && resolve(client);
    client.init({
      connect,
      timeout: 30_000,
      debug_level: 0,
      host_order_deterministic: false,
      response_counter_limit: 5000,
    });
  });
}

export function create(client: NativeClient, prefix: string): Promise<string> {
  return new Promise((resolve) => {
    client.a_create(prefix, "", EPHEMERAL_SEQUENTIAL, (_code, _text, path) => resolve(path));
  });
}

/** @returns the time of the call, in nanoseconds */
export function remove(client: NativeClient, path: string): bigint {
  const at = process.hrtime.bigint();
  client.a_delete_(path, -1, () => undefined);
  return at;
}

/** The times when the watch fired, and when the list arrived, in nanoseconds. */
export interface Woken {
  readonly notifiedAt: bigint;
  readonly listedAt: bigint;
}

/** @returns a promise of the outcome, once the watch is set */
export function watch(
  client: NativeClient,
  path: string,
  parent: string,
): Promise<{ woken: Promise<Woken> }> {
  return new Promise((armed) => {
    const woken = new Promise<Woken>((resolve) => {
      const onWatch = () => {
        const notifiedAt = process.hrtime.bigint();
        client.a_get_children(parent, false, () =>
          resolve({ notifiedAt, listedAt: process.hrtime.bigint() }),
        );
      };
      client.aw_get(path, onWatch, () => armed({ woken }));
    });
  });
}

export type BareRequest =
  | { readonly type: "create"; readonly prefix: string }
  | { readonly type: "remove"; readonly path: string }
  | { readonly type: "watch"; readonly path: string; readonly parent: string }
  | { readonly type: "close" };

export type BareReport =
  | { readonly type: "open" | "armed" | "closed" }
  | { readonly type: "created"; readonly path: string }
  | { readonly type: "removing"; readonly at: bigint }
  | ({ readonly type: "woken" } & Woken);

async function serve(port: MessagePort): Promise<void> {
  const { connect, scratch } = workerData as { connect: string; scratch: string };
  const client = await openBare(connect, scratch);
  const report = (message: BareReport) => port.postMessage(message);
  port.on("message", async (request: BareRequest) => {
    switch (request.type) {
      case "create":
        return report({ type: "created", path: await create(client, request.prefix) });
      case "remove":
        return report({ type: "removing", at: remove(client, request.path) });
      case "watch": {
        const { woken } = await watch(client, request.path, request.parent);
        report({ type: "armed" });
        return report({ type: "woken", ...(await woken) });
      }
      case "close":
        client.close();
        report({ type: "closed" });
        return port.close();
      default:
        return request satisfies never;
    }
  });
  report({ type: "open" });
}

if (!isMainThread && parentPort !== null) void serve(parentPort);

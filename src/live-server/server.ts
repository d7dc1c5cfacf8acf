/**
 * Serves the live page on the loopback interface: the page, its events and its strikes, to whoever knows the
 * token, and nothing else. While a strike is being measured nothing is answered.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { asTyped } from "../installation.ts";
import { LabError } from "../lab-error.ts";
import type { Powers } from "../live/ground.ts";
import { messageOf } from "../thrown.ts";
import type { Desk } from "./desk.ts";
import type { Hub } from "./hub.ts";
import { strikeFrom } from "./typed-strike.ts";

export interface LiveServerOptions {
  /** The port to listen on; 0 for any that is free. */
  readonly port: number;
  readonly page: string;
  readonly powers: Powers;
  /** The number of servers that may be struck. */
  readonly servers: number;
  readonly hub: Hub;
  readonly desk: Desk;
}

interface Serving extends LiveServerOptions {
  readonly token: string;
  /** Strikes that are not over. */
  readonly strikes: Set<IncomingMessage>;
}

/** A page that does not read gets no more than this; it may connect again. */
const MOST_WAITING_BYTES = 16e6;
const LIVE = asTyped("yarn live");
const MOST_STRIKE_BYTES = 1000;
/** They wait for each other. */
const MOST_STRIKES = 20;
const CLOSES_WITHIN_MS = 1000;

export class LiveServer {
  readonly url: string;
  readonly #server;

  private constructor(url: string, server: ReturnType<typeof createServer>) {
    this.url = url;
    this.#server = server;
  }

  /** @throws {LabError} `usage` when the port is taken */
  static async open(options: LiveServerOptions): Promise<LiveServer> {
    const token = randomBytes(18).toString("base64url");
    const serving: Serving = { ...options, token, strikes: new Set() };
    const server = createServer((request, response) => {
      answer(request, response, serving).catch((error) => {
        if (!response.headersSent) refuse(response, 500, messageOf(error));
        else response.destroy();
      });
    });
    server.listen(options.port, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch (error) {
      throw new LabError(
        "usage",
        `--port ${options.port}: ${messageOf(error)}; give another one, or 0 for any that is free`,
      );
    }
    const { port } = server.address() as AddressInfo;
    return new LiveServer(`http://127.0.0.1:${port}/?token=${token}`, server);
  }

  /** Pages hear what they have not heard yet, unless that takes long. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeIdleConnections();
    await Promise.race([closed, delay(CLOSES_WITHIN_MS, undefined, { ref: false })]);
    this.#server.closeAllConnections();
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, options: Serving): Promise<void> {
  const { origin } = request.headers;
  const host = request.headers.host?.toLowerCase() ?? "";
  const port = request.socket.localPort;
  // Another site's page may reach this port, under a name of its own: neither it nor its name is served.
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`)
    return refuse(response, 403, `open the address that ${LIVE} has printed`);
  if (origin !== undefined && origin !== `http://${host}`)
    return refuse(response, 403, "another site's page");
  const address = request.url ?? "/";
  if (!URL.canParse(address, `http://${host}`)) return refuse(response, 400, "that is no address");
  const { pathname, searchParams } = new URL(address, `http://${host}`);
  if (!isSame(searchParams.get("token") ?? "", options.token))
    return refuse(response, 403, `open the address that ${LIVE} has printed, with its token`);
  const { method } = request;
  if (method === "POST" && pathname === "/strike") return takeStrike(request, response, options);
  // What is being measured comes first.
  await options.desk.quiet();
  if (method === "GET" && pathname === "/") return sendPage(response, options.page);
  if (method === "GET" && pathname === "/events") return sendEvents(request, response, options.hub);
  refuse(response, 404, "there is nothing here");
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" });
  response.end(`${words}\n`);
}

function sendPage(response: ServerResponse, page: string): void {
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
  response.end(page);
}

/** Server-sent events, as in the HTML standard: each has its place as its id, so that a page can go on. */
function sendEvents(request: IncomingMessage, response: ServerResponse, hub: Hub): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const heard = request.headers["last-event-id"];
  const isPlace = typeof heard === "string" && /^\d{1,9}$/.test(heard) && Number(heard) < hub.length;
  let next = isPlace ? Number(heard) + 1 : 0;
  const send = (last = "") => {
    for (const message of hub.from(next))
      response.write(`id: ${next++}\ndata: ${JSON.stringify(message)}\n\n`);
    response.write(last);
    if (hub.isOver) response.end();
    if (response.writableLength > MOST_WAITING_BYTES) response.destroy();
  };
  response.on("close", hub.listen(send));
  response.write("retry: 1000\n\n");
  send("event: caught-up\ndata:\n\n");
}

async function takeStrike(
  request: IncomingMessage,
  response: ServerResponse,
  { desk, powers, servers, strikes }: Serving,
): Promise<void> {
  if (strikes.size >= MOST_STRIKES) return refuse(response, 429, "too many strikes wait already");
  strikes.add(request);
  try {
    const body = await bodyOf(request);
    // What is being measured comes first.
    await desk.quiet();
    if (body === undefined) return refuse(response, 413, "that is too much for a strike");
    const strike = strikeFrom(body, powers, servers);
    if (strike === undefined) return refuse(response, 400, "that is no strike");
    if (!(await desk.strike(strike))) return refuse(response, 409, "the run has ended");
    response.writeHead(204).end();
  } finally {
    strikes.delete(request);
  }
}

/** `undefined` if it is longer than a strike can be. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MOST_STRIKE_BYTES) chunks.push(chunk);
  }
  return bytes > MOST_STRIKE_BYTES ? undefined : Buffer.concat(chunks).toString();
}

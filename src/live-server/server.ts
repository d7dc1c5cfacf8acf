/**
 * Serves the live page on the loopback interface: the page, its events and its strikes, to whoever knows the
 * token, and nothing else. While a strike is being measured nothing is answered.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { asTyped } from "../installation.ts";
import { LabError } from "../lab-error.ts";
import type { Powers, Strike } from "../live/ground.ts";
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

/** A page that does not read gets no more than this; it may connect again. */
const MOST_WAITING_BYTES = 16e6;
const LIVE = asTyped("yarn live");
const MOST_STRIKE_BYTES = 1000;
const MOST_WAITING_STRIKES = 20;
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
    const server = createServer((request, response) => {
      answer(request, response, token, options).catch((error) => {
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

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  options: LiveServerOptions,
): Promise<void> {
  const { host = "", origin } = request.headers;
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  const port = request.socket.localPort;
  // Another site's page may reach this port, under a name of its own: neither it nor its name is served.
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`)
    return refuse(response, 403, `open the address that ${LIVE} has printed`);
  if (origin !== undefined && origin !== `http://${host}`)
    return refuse(response, 403, "another site's page");
  if (!isSame(searchParams.get("token") ?? "", token))
    return refuse(response, 403, `open the address that ${LIVE} has printed, with its token`);
  // What is being measured comes first.
  await options.desk.quiet();
  const { method } = request;
  if (method === "GET" && pathname === "/") return sendPage(response, options.page);
  if (method === "GET" && pathname === "/events") return sendEvents(request, response, options.hub);
  if (method === "POST" && pathname === "/strike") return takeStrike(request, response, options);
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
  const heard = Number(request.headers["last-event-id"] ?? -1);
  let next = Number.isInteger(heard) ? heard + 1 : 0;
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
  { desk, powers, servers }: LiveServerOptions,
): Promise<void> {
  if (Number(request.headers["content-length"] ?? Number.NaN) > MOST_STRIKE_BYTES)
    return refuse(response, 413, "that is too much for a strike");
  const strike: Strike | undefined = strikeFrom(await text(request), powers, servers);
  if (strike === undefined) return refuse(response, 400, "that is no strike");
  if (desk.isClosed) return refuse(response, 409, "the run has ended");
  if (desk.waiting >= MOST_WAITING_STRIKES) return refuse(response, 429, "too many strikes wait already");
  await desk.strike(strike);
  response.writeHead(204).end();
}

/**
 * A TCP relay on the loopback interface. It does to a session what a network does: data in flight can be held,
 * lost or cut off, at any byte, without touching client or server. It can read ZooKeeper's framing, so a fault
 * can strike a particular request or its answer.
 *
 * Not promised: back pressure. Held data stays in memory. The relay runs on its caller's thread: a native
 * session of the same thread that is closed while connected waits in vain for its answer, for 1.5 s.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { FrameReader, type PacketKind, type PacketNames } from "./zookeeper-frames.ts";

export type Direction = "to-server" | "to-client";

export interface RelayOptions {
  readonly target: { readonly host: string; readonly port: number };
  /**
   * The content of connections: with `bytes`, only whole connections can be struck.
   * @default "zookeeper"
   */
  readonly carries?: "zookeeper" | "bytes";
  /** Changes a packet in place before it is passed on. */
  readonly alter?: (direction: Direction, kind: PacketKind, packet: Buffer) => void;
}

/** What to do to the next packet of a kind: in `to-server` the request, in `to-client` its answer. */
interface Rule {
  readonly direction: Direction;
  readonly kind: PacketKind;
  readonly verdict: "drop" | "hold";
  readonly struck: () => void;
}

export class TcpRelay {
  readonly #server: Server;
  readonly #options: RelayOptions;
  readonly #connections = new Set<RelayedConnection>();
  readonly #paused = new Set<Direction>();
  readonly #rules = new Set<Rule>();

  private constructor(options: RelayOptions) {
    this.#options = options;
    // One half of a connection may end while the other half still holds something.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  static async start(options: RelayOptions): Promise<TcpRelay> {
    const relay = new TcpRelay(options);
    relay.#server.listen(0, "127.0.0.1");
    await once(relay.#server, "listening");
    return relay;
  }

  /** The address where it listens. */
  get address(): { readonly host: string; readonly port: number } {
    const { address, port } = this.#server.address() as AddressInfo;
    return { host: address, port };
  }

  /** The same, as a connect string. */
  get connect(): string {
    return `${this.address.host}:${this.address.port}`;
  }

  /** The number of open client connections, as far as the relay knows. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Resets every connection, on both sides; data in flight is lost. */
  dropConnections(): void {
    for (const connection of [...this.#connections]) connection.drop();
  }

  /** Holds data that flows in this direction, including ends of connections, until it is resumed. */
  pause(direction: Direction): void {
    this.#paused.add(direction);
  }

  resume(direction: Direction): void {
    this.#paused.delete(direction);
    this.#pump();
  }

  /** A partition: nothing flows, no new connection is made, and nobody is told. */
  cut(): void {
    this.#paused.add("to-server").add("to-client");
  }

  /** Data in flight arrives, if its connection still lives. */
  heal(): void {
    this.#paused.clear();
    this.#pump();
  }

  /** Resets the connection instead of passing on the next such packet; settles when that has happened. */
  dropAt(direction: Direction, kind: PacketKind): Promise<void> {
    return new Promise((resolve) => {
      const rule: Rule = {
        direction,
        kind,
        verdict: "drop",
        struck: () => {
          this.#rules.delete(rule);
          resolve();
        },
      };
      this.#rules.add(rule);
    });
  }

  /** Holds such packets, and everything after them on their connection, until they are released. */
  holdAt(direction: Direction, kind: PacketKind): { readonly reached: Promise<void>; release(): void } {
    let struck: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      struck = resolve;
    });
    const rule: Rule = { direction, kind, verdict: "hold", struck };
    this.#rules.add(rule);
    const release = () => {
      this.#rules.delete(rule);
      this.#pump();
    };
    return { reached, release };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.dropConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #pump(): void {
    for (const connection of [...this.#connections]) connection.pump();
  }

  #accept(client: Socket): void {
    const connection = new RelayedConnection(client, this.#options, {
      ended: () => this.#connections.delete(connection),
      verdict: (direction, kind) => this.#verdict(direction, kind),
    });
    this.#connections.add(connection);
    connection.pump();
  }

  #verdict(direction: Direction, kind: PacketKind | undefined): "pass" | "drop" | "hold" {
    if (this.#paused.has(direction)) return "hold";
    for (const rule of this.#rules) {
      if (rule.direction !== direction || rule.kind !== kind) continue;
      rule.struck();
      return rule.verdict;
    }
    return "pass";
  }
}

interface Judge {
  ended(): void;
  verdict(direction: Direction, kind: PacketKind | undefined): "pass" | "drop" | "hold";
}

interface Flow {
  readonly direction: Direction;
  readonly queue: { readonly bytes: Buffer; readonly kind: PacketKind | undefined }[];
  to: Socket | undefined;
  /** The sender has ended: so will the receiver, after what is queued. */
  ended: boolean;
  /** All of it has been passed on, including its end. */
  passed: boolean;
}

class RelayedConnection {
  readonly #client: Socket;
  readonly #options: RelayOptions;
  readonly #judge: Judge;
  readonly #up: Flow = { direction: "to-server", queue: [], to: undefined, ended: false, passed: false };
  readonly #down: Flow = { direction: "to-client", queue: [], to: undefined, ended: false, passed: false };
  readonly #names: PacketNames = new Map();
  #server: Socket | undefined;
  #over = false;

  constructor(client: Socket, options: RelayOptions, judge: Judge) {
    this.#client = client;
    this.#options = options;
    this.#judge = judge;
    this.#down.to = client;
    this.#read(client, this.#up);
  }

  drop(): void {
    this.#over = true;
    reset(this.#client);
    if (this.#server !== undefined) reset(this.#server);
    this.#judge.ended();
  }

  pump(): void {
    if (!this.#over) this.#pass(this.#up);
    if (!this.#over) this.#pass(this.#down);
  }

  #read(from: Socket, flow: Flow): void {
    const frames =
      this.#options.carries === "bytes" ? undefined : new FrameReader(flow.direction, this.#names);
    from.on("data", (bytes) => {
      if (frames === undefined) flow.queue.push({ bytes, kind: undefined });
      else {
        const packets = frames.read(bytes);
        for (const { kind, bytes } of packets) this.#options.alter?.(flow.direction, kind, bytes);
        flow.queue.push(...packets);
      }
      this.pump();
    });
    const onEnd = () => {
      flow.ended = true;
      this.pump();
    };
    from.on("end", onEnd);
    from.on("close", onEnd);
    from.on("error", () => undefined);
  }

  #pass(flow: Flow): void {
    for (let packet = flow.queue[0]; packet !== undefined; packet = flow.queue[0]) {
      const verdict = this.#judge.verdict(flow.direction, packet.kind);
      if (verdict === "drop") this.drop();
      if (verdict !== "pass") return;
      flow.to ??= this.#dial();
      flow.to.write(packet.bytes);
      flow.queue.shift();
    }
    if (!flow.ended || this.#judge.verdict(flow.direction, undefined) === "hold") return;
    flow.to?.end();
    flow.passed = true;
    if (this.#up.passed && (this.#server === undefined || this.#down.passed)) {
      // The client left before any of its data was passed on: nobody else ends its half.
      if (this.#server === undefined) this.#client.end();
      this.#over = true;
      this.#judge.ended();
    }
  }

  /** Connects only with the first bytes, so a client that is cut off does not reach the server at all. */
  #dial(): Socket {
    this.#server = connect({ ...this.#options.target, allowHalfOpen: true, noDelay: true });
    this.#read(this.#server, this.#down);
    return this.#server;
  }
}

/**
 * A socket that is just ending is closed instead: libuv refuses to reset it, after which Node never closes it,
 * and at the end of the process waits for that for ever, using a whole processor.
 */
function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}

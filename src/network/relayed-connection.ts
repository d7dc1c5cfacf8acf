/** A client's connection to a relay, and the relay's own to the server in its place. */
import { connect, type Socket } from "node:net";
import { ElectionGreeting } from "./election-greeting.ts";
import { Flow, type Judge } from "./flow.ts";
import type { Direction } from "./rule.ts";
import { FrameReader, type PacketKind, type PacketNames } from "./zookeeper-frames.ts";

export interface ConnectionOptions {
  readonly target: { readonly host: string; readonly port: number };
  /**
   * The content of connections: with `bytes`, packets cannot be told apart.
   * @default "zookeeper"
   */
  readonly carries?: "zookeeper" | "bytes";
  /**
   * Whether to connect again and again while the target refuses, for as long as the client stays: as if a lost
   * packet were sent again. A server that is about to listen is reached a moment later; otherwise a client
   * would be connected, and at once disconnected, which for ZooKeeper's servers is something else than to be
   * refused.
   */
  readonly isPersistent?: boolean;
  /** The address, `host:port`, that a server's greeting is to name: see election-greeting.ts. */
  readonly greetsWith?: () => string;
  /** Changes a packet in place before it is passed on. */
  readonly alter?: (direction: Direction, kind: PacketKind, packet: Buffer) => void;
  /** Looks on at each connection: called when it begins. */
  readonly onlooker?: () => Onlooker;
}

/** Sees a connection's packets as they are read, before they are passed on. */
export interface Onlooker {
  toServer(packet: Buffer): void;
  toClient(packet: Buffer): void;
  /** Either side has ended the connection. */
  over(): void;
}

const DIAL_AGAIN_MS = 20;

export class RelayedConnection {
  readonly #client: Socket;
  readonly #options: ConnectionOptions;
  readonly #onOver: () => void;
  readonly #up: Flow;
  readonly #down: Flow;
  readonly #onlooker: Onlooker | undefined;
  readonly #names: PacketNames = new Map();
  #server: Socket | undefined;
  #isOver = false;

  /** @param onOver is called when both sides have ended, or have been reset */
  constructor(client: Socket, options: ConnectionOptions, judge: Judge, onOver: () => void) {
    this.#client = client;
    this.#options = options;
    this.#onOver = onOver;
    this.#onlooker = options.onlooker?.();
    const reset = () => this.reset();
    const passed = () => this.#passed();
    const isDialled = () => this.#server !== undefined;
    this.#up = new Flow("to-server", () => client, judge, {
      to: () => this.#dialled(),
      get hasTo() {
        return isDialled();
      },
      takes: () => this.#takes(this.#dialled()),
      hangUp: () => this.#hangUp(this.#server, client),
      reset,
      passed,
    });
    this.#down = new Flow("to-client", () => this.#server, judge, {
      to: () => client,
      hasTo: true,
      takes: () => this.#takes(client),
      hangUp: () => this.#hangUp(client, this.#server),
      reset,
      passed,
    });
    this.#read(client, "to-server");
  }

  /** Resets it on both sides; data in flight is lost. */
  reset(): void {
    if (this.#isOver) return;
    reset(this.#client);
    if (this.#server !== undefined) reset(this.#server);
    this.#over();
  }

  #hangUp(receiver: Socket | undefined, sender: Socket | undefined): void {
    if (this.#isOver) return;
    receiver?.destroy();
    if (sender !== undefined) reset(sender);
    this.#over();
  }

  get hasHole(): boolean {
    return this.#up.hasHole || this.#down.hasHole;
  }

  /** The rules have changed. */
  pass(): void {
    this.#up.pass();
    this.#down.pass();
  }

  #read(from: Socket, direction: Direction): void {
    const { carries, alter, greetsWith } = this.#options;
    const [flow, other] = direction === "to-server" ? [this.#up, this.#down] : [this.#down, this.#up];
    const frames = carries === "bytes" ? undefined : new FrameReader(direction, this.#names);
    const greeting =
      direction === "to-server" && greetsWith !== undefined ? new ElectionGreeting(greetsWith()) : undefined;
    from.on("data", (data) => {
      const bytes = greeting?.replace(data) ?? data;
      if (bytes.length === 0) return;
      if (frames === undefined) return flow.push([{ bytes, kind: undefined }]);
      const packets = frames.read(bytes);
      for (const { kind, bytes } of packets) {
        alter?.(direction, kind, bytes);
        if (direction === "to-server") this.#onlooker?.toServer(bytes);
        else this.#onlooker?.toClient(bytes);
      }
      flow.push(packets);
    });
    const onEnd = () => {
      this.#onlooker?.over();
      flow.end();
    };
    from.on("end", () => {
      const rest = frames?.rest ?? Buffer.alloc(0);
      if (rest.length > 0) flow.push([{ bytes: rest, kind: undefined }]);
      onEnd();
    });
    from.on("close", () => {
      onEnd();
      // Nothing drains any more.
      other.pass();
    });
    from.on("drain", () => other.pass());
    from.on("error", () => undefined);
  }

  #takes(to: Socket): boolean {
    // What is written to a socket that is then refused is lost.
    if (to.connecting && this.#options.isPersistent === true) return false;
    return to.destroyed || !to.writableNeedDrain;
  }

  /** Connects only with the first bytes, so a client that is cut off does not reach the server at all. */
  #dialled(): Socket {
    if (this.#server !== undefined) return this.#server;
    const server = connect({ ...this.#options.target, allowHalfOpen: true, noDelay: true });
    this.#server = server;
    if (this.#options.isPersistent !== true) this.#read(server, "to-client");
    else {
      server.once("connect", () => {
        server.off("error", again);
        this.#read(server, "to-client");
        this.#up.pass();
      });
      const again = () => {
        setTimeout(() => {
          if (this.#isOver || this.#client.destroyed) return this.reset();
          this.#server = undefined;
          this.#up.pass();
        }, DIAL_AGAIN_MS);
      };
      server.once("error", again);
    }
    return server;
  }

  #passed(): void {
    if (!this.#up.hasPassed || (this.#server !== undefined && !this.#down.hasPassed)) return;
    // The client left before any of its data was passed on: nobody else ends its half.
    if (this.#server === undefined) this.#client.end();
    this.#over();
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onlooker?.over();
    this.#up.close();
    this.#down.close();
    this.#onOver();
  }
}

/**
 * A socket that is just ending is closed instead: libuv refuses to reset it, after which Node never closes it,
 * and at the end of the process waits for that for ever, using a whole processor.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}

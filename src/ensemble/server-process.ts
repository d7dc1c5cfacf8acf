/**
 * The process of a server that this run started, and its successors on the same port and the same data when it
 * is started again.
 */
import type { Address } from "../zookeeper/connect-string.ts";
import type { Controls } from "./controls.ts";
import type { Disk } from "./disk.ts";
import type { Jvm } from "./jvm.ts";
import type { Scratch } from "./scratch.ts";
import { launchServer, type Server, type ServerOptions } from "./server.ts";

export class ServerProcess implements Controls {
  readonly #scratch: Scratch;
  readonly #options: ServerOptions;
  #server: Server;
  /** `full`: its disk is, and it may end because of that. */
  #state: "runs" | "full" | "killed" | "lost" = "runs";
  #isUp = true;
  #lose: (reason: string) => void = () => undefined;
  /** Settles, with the reason, when it ends without being killed here. */
  readonly exited = new Promise<string>((resolve) => {
    this.#lose = resolve;
  });

  private constructor(scratch: Scratch, options: ServerOptions, server: Server) {
    this.#scratch = scratch;
    this.#options = options;
    this.#server = server;
    this.#watch(server);
  }

  /** @throws as `launchServer` does */
  static async launch(scratch: Scratch, options: ServerOptions): Promise<ServerProcess> {
    return new ServerProcess(scratch, options, await launchServer(scratch, options));
  }

  get address(): Address {
    return this.#server.address;
  }

  get pid(): number {
    return this.#server.pid;
  }

  get jvm(): Jvm {
    return this.#server.jvm;
  }

  /**
   * Waits until it serves.
   * @returns its version
   * @throws as `Server.serving` does
   */
  serving(withinMs?: number): Promise<string> {
    return this.#server.serving(withinMs);
  }

  /** @returns when it is gone */
  async kill(): Promise<void> {
    if (this.#isUp) {
      process.kill(this.pid, "SIGKILL");
      this.#state = "killed";
    }
    await this.#server.exited;
  }

  /**
   * Kills it if it runs.
   * @returns when it serves again
   */
  async restart(): Promise<void> {
    await this.kill();
    this.#server = await launchServer(this.#scratch, this.#options);
    this.#state = "runs";
    this.#isUp = true;
    this.#watch(this.#server);
    await this.serving();
  }

  /** Stops it, with its port open and its connections up. */
  async pause(): Promise<void> {
    process.kill(this.pid, "SIGSTOP");
  }

  async resume(): Promise<void> {
    process.kill(this.pid, "SIGCONT");
  }

  async fillDisk(): Promise<void> {
    const disk = this.#disk;
    this.#state = "full";
    await disk.fill(this.pid);
  }

  async limitDisk(writesPerSecond: number): Promise<void> {
    await this.#disk.limit(this.pid, writesPerSecond);
  }

  get #disk(): Disk {
    const { disk } = this.#options;
    if (disk === undefined) throw new Error("the server has no disk of its own");
    return disk;
  }

  #watch({ exited }: Server): void {
    exited.then((reason) => {
      this.#isUp = false;
      if (this.#state !== "runs") return;
      this.#state = "lost";
      this.#lose(reason);
    });
  }
}

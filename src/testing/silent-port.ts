/**
 * Ports of the loopback interface that answer nothing: a host that has silently gone, and a server that hangs.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface SilentPort extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
}

/** More than its listener's queue holds. */
const WAITING = 8;

/** Does not even accept: a stopped process listens there, and its queue is full. */
export async function unacceptingPort(host = "127.0.0.1"): Promise<SilentPort> {
  const program = `
    const server = require("node:net").createServer();
    server.listen({ port: 0, host: "${host}", backlog: 1 }, () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  child.kill("SIGSTOP");
  const port = Number(line);
  const sockets: Socket[] = [];
  for (let i = 0; i < WAITING; i++) sockets.push(connect(port, host).on("error", () => undefined));
  // Connections that can be accepted are accepted at once; the others would wait for minutes.
  await new Promise((resolve) => setTimeout(resolve, 100));
  return {
    host,
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** Accepts, reads, and never answers. */
export async function mutePort(): Promise<SilentPort> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.resume().on("error", () => undefined));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

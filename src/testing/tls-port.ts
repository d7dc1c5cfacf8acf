/** Ports of the loopback interface that speak TLS, like a server's `secureClientPort`. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { createServer, type TlsOptions } from "node:tls";
import { promisify } from "node:util";
import { findDistribution } from "../ensemble/distribution.ts";

export interface TlsPort extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
}

const SECRET = "secret-of-nobody";

/** Has a self-signed certificate, made by Java's own tool. */
export async function certifiedPort(folder: string): Promise<TlsPort> {
  const { java } = await findDistribution();
  const store = join(folder, "tls.p12");
  const asked = "-genkeypair -alias one -keyalg EC -dname CN=localhost -validity 2 -storetype PKCS12";
  await promisify(execFile)(join(dirname(java), "keytool"), [
    ...asked.split(" "),
    ...["-keystore", store, "-storepass", SECRET],
  ]);
  return listening({ pfx: await readFile(store), passphrase: SECRET });
}

/** Has no certificate: it answers every client with an alert. */
export function alertingPort(): Promise<TlsPort> {
  return listening({});
}

async function listening(options: TlsOptions): Promise<TlsPort> {
  const server = createServer(options, (socket) => socket.resume().on("error", () => undefined));
  server.on("tlsClientError", () => undefined);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}

/**
 * Finds out whether a port speaks TLS. The native client does not: the addon calls `zookeeper_init`, not the C
 * client's `zookeeper_init_ssl`. To the client such a port is silent or hangs up, without a reason.
 */
import type { connect as Connect } from "node:tls";
import { codeOf } from "../thrown.ts";
import { type Address, hostAndPort } from "./connect-string.ts";

/** The limit for a handshake. */
const WITHIN_MS = 1000;

/** The names of those that speak TLS. Settles within a second. */
export async function tlsPorts(addresses: readonly Address[]): Promise<string[]> {
  // Loading it takes a thread longer than all else that opens a session.
  const { connect } = await import("node:tls");
  const found = await Promise.all(addresses.map((address) => speaksTls(connect, address)));
  return addresses.filter((_, index) => found[index]).map(hostAndPort);
}

/** The explanation for a person. */
export function tlsWords(names: readonly string[]): string {
  return (
    `${names.join(", ")} ${names.length === 1 ? "speaks" : "speak"} TLS, which the native client does not support; ` +
    "name the servers' clientPort, the one without TLS"
  );
}

function speaksTls(connect: typeof Connect, { host, port }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    // The certificate does not matter: nothing is sent.
    const socket = connect({ host, port, rejectUnauthorized: false });
    const end = (speaks: boolean) => {
      clearTimeout(deadline);
      socket.destroy();
      resolve(speaks);
    };
    const deadline = setTimeout(() => end(false), WITHIN_MS);
    socket.once("secureConnect", () => end(true));
    // An alert is TLS as well: the port may want a certificate from us, or have none. OpenSSL's names for
    // them begin with SSLV3, TLSV1 and the like, or, since 3.5, with SSL/TLS.
    socket.on("error", (error) => end(/^ERR_SSL_.*ALERT/.test(codeOf(error) ?? "")));
    socket.once("close", () => end(false));
  });
}

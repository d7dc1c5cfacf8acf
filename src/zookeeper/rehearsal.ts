/**
 * Does a will of nobody's, at a server that is none, so that nothing has to be loaded and compiled when a real
 * one is to be done: that took most of its time.
 */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { settle } from "./settle.ts";

const NOBODY = { id: "1", password: "0".repeat(32) };
/** The answer to a take-over that names no session: its length, and as many zeros. */
const OVER = Buffer.alloc(4 + 37);
OVER.writeInt32BE(37);

/** Settles in any case: a will is kept without it as well. */
export async function rehearse(): Promise<void> {
  const server = createServer((client) =>
    client
      .on("error", () => undefined)
      .resume()
      .end(OVER),
  );
  try {
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const servers = [{ host: "127.0.0.1", port }];
    await settle({ identity: NOBODY, servers, auth: [], timeoutMs: 1000 });
  } catch {
    // There is no loopback interface.
  } finally {
    server.close();
  }
}
